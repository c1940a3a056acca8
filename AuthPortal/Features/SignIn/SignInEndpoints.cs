using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignIn;

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder api) =>
        api.MapPost("/sign-in/email", SignInAsync).WithMetadata(new StartsSession())
            .WithSummary("Sign in with an email address and a password")
            .Refuses([
                AuthErrors.InvalidCallbackUrl,
                AuthErrors.InvalidEmail,
                AuthErrors.PasswordTooLong,
                .. CommonRefusals.SignIn,
                AuthErrors.SecondFactorRequired,
                AuthErrors.TooBusy])
            .Sends(AnswerHeader.RefreshToken, AnswerHeader.Location);

    /// <summary>A session has begun; a browser has it in its cookies.</summary>
    /// <param name="Redirect">Whether there is somewhere to go.</param>
    /// <param name="Token">An access token.</param>
    /// <param name="Url">Where: the callbackURL that was sent.</param>
    internal sealed record SignedIn(
        bool Redirect,
        string Token,
        UserProfile User,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);

    /// <summary>The password was right, and a second factor is asked for.</summary>
    /// <param name="TwoFactorMethods">Any of which ends the sign-in: totp, passkey.</param>
    internal sealed record MoreIsAsked(bool TwoFactorRedirect, IReadOnlyList<string> TwoFactorMethods);

    private static async Task<Results<Ok<SignedIn>, Ok<MoreIsAsked>, AuthError>> SignInAsync(
        JsonBody<SignInRequest> body,
        SignInService signIn,
        SessionWriter writer,
        AuthCookies cookies,
        IOptions<PortalOptions> portal,
        HttpContext context,
        CancellationToken ct)
    {
        var callback = body.Value.CallbackUrl;
        var location = ReturnUrl.Safe(callback, portal.Value);
        if (callback is not null && location is null)
            return AuthErrors.InvalidCallbackUrl;

        var result = await signIn.WithPasswordAsync(
            body.Value, cookies.Device(context.Request), Client.Of(context), ct);
        if (!result.Succeeded)
            return result.Error;

        if (await writer.StartAsync(context, result.Value) is not { } token)
            return AskForMore(result.Value.Pending!.Next);
        if (location is not null)
            context.Response.Headers.Location = location;
        var profile = result.Value.Session!.Person.Profile;
        return TypedResults.Ok(new SignedIn(callback is not null, token, profile, callback));
    }

    private static Results<Ok<SignedIn>, Ok<MoreIsAsked>, AuthError> AskForMore(NextStep next)
    {
        if (next == NextStep.Enrol)
            return AuthErrors.SecondFactorRequired;
        var methods = new List<string>();
        if (next.Accepted.HasFlag(Proofs.Totp))
            methods.Add("totp");
        if (next.Accepted.HasFlag(Proofs.Passkey))
            methods.Add("passkey");
        return TypedResults.Ok(new MoreIsAsked(true, methods));
    }
}
