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
            .WithSummary("Sign in with an email address and a password");

    private sealed record SignedIn(
        bool Redirect,
        string Token,
        UserProfile User,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Url);

    private static async Task<Results<Ok<SignedIn>, AuthError>> SignInAsync(
        JsonBody<SignInRequest> body,
        SignInService signIn,
        SessionWriter writer,
        IOptions<PortalOptions> portal,
        HttpContext context,
        CancellationToken ct)
    {
        var callback = body.Value.CallbackUrl;
        var location = ReturnUrl.Safe(callback, portal.Value);
        if (callback is not null && location is null)
            return AuthErrors.InvalidCallbackUrl;

        var result = await signIn.WithPasswordAsync(body.Value, Client.Of(context), ct);
        if (!result.Succeeded)
            return result.Error;

        if (location is not null)
            context.Response.Headers.Location = location;
        var token = writer.Start(context, result.Value);
        return TypedResults.Ok(new SignedIn(callback is not null, token, result.Value.Person.Profile, callback));
    }
}
