using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AuthPortal.Passkeys;
using AuthPortal.Throttling;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.SignIn;

/// <summary>What a browser answers to the options of a sign-in.</summary>
public sealed record VerifyAuthenticationRequest
{
    /// <summary>An <c>AuthenticationResponseJSON</c> (WebAuthn level 3 §5.1.8).</summary>
    [JsonRequired]
    public JsonObject Response { get; init; } = [];

    /// <summary>Whether the session outlives the browser; true where it is not sent.</summary>
    public bool RememberMe { get; init; } = true;
}

/// <summary>Better Auth's passkey plugin, as far as it is about signing in.</summary>
internal static class PasskeySignInEndpoints
{
    public static void MapPasskeySignIn(this IEndpointRouteBuilder api)
    {
        var passkeys = api.MapGroup("/passkey").WhereThereArePasskeys();
        passkeys.MapGet("/generate-authenticate-options", OptionsAsync)
            .WithMetadata(CookieCredential.Access, new CountsAsChange())
            .WithSummary("What to sign in by a passkey with")
            .Refuses(AuthErrors.TooManyRequests(TimeSpan.FromSeconds(1)));
        passkeys.MapPost("/verify-authentication", SignInAsync).WithMetadata(new StartsSession())
            .WithMetadata(CookieCredential.Access)
            .WithSummary("Sign in by a passkey")
            .Refuses([
                PasskeyErrors.ChallengeNotFound,
                PasskeyErrors.Unknown,
                PasskeyErrors.AuthenticationFailed,
                .. CommonRefusals.SignIn,
                AuthErrors.SecondFactorRequired])
            .Sends(AnswerHeader.AccessToken, AnswerHeader.RefreshToken);
    }

    /// <summary>Who is signed in already is asked for a passkey of their own.</summary>
    private static async Task<Ok<JsonObject>> OptionsAsync(
        UserStore users, PasskeyAssertion assertion, HttpContext context, CancellationToken ct)
    {
        var person = CurrentUser.TryOf(context.User) is { } caller
            ? await users.FindOwnAsync(caller.Id, caller.Id, ct)
            : null;
        return TypedResults.Ok(await assertion.OptionsAsync(person, context));
    }

    private static async Task<Results<Ok<SessionAndUser>, AuthError>> SignInAsync(
        JsonBody<VerifyAuthenticationRequest> body,
        PasskeySignIn signIn,
        SessionWriter writer,
        HttpContext context,
        CancellationToken ct)
    {
        var result = await signIn.SignInAsync(body.Value.Response, body.Value.RememberMe, context, ct);
        if (!result.Succeeded)
            return result.Error;
        if (result.Value.Session is not { } issued)
            return AuthErrors.SecondFactorRequired;

        context.Response.Headers["set-auth-jwt"] = await writer.StartAsync(context, issued);
        var view = SessionView.Of(issued.Session, issued.Session.AuthTime, Client.Of(context));
        return TypedResults.Ok(new SessionAndUser(view, issued.Person.Profile));
    }
}
