using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

internal static class SignUpEndpoints
{
    public static void MapSignUp(this IEndpointRouteBuilder api) =>
        api.MapPost("/sign-up/email", SignUpAsync).WithMetadata(new StartsSession())
            .WithSummary("Open an account with an email address and a password")
            .Refuses([
                AuthErrors.InvalidCallbackUrl,
                AuthErrors.InvalidEmail,
                .. CommonRefusals.NewPassword,
                AuthErrors.UserAlreadyExists])
            .Sends(AnswerHeader.RefreshToken);

    /// <summary>There is an account; or, where addresses must be confirmed, the same is said of any.</summary>
    /// <param name="Token">Null where the address must be confirmed, or a second factor set up, first.</param>
    internal sealed record SignUpAnswer(string? Token, UserProfile User);

    private static async Task<Results<Ok<SignUpAnswer>, AuthError>> SignUpAsync(
        JsonBody<SignUpRequest> body,
        SignUpService signUp,
        SessionWriter writer,
        SignUpBrowser browser,
        IOptions<PortalOptions> portal,
        HttpContext context,
        CancellationToken ct)
    {
        if (body.Value.CallbackUrl is { } callback && ReturnUrl.Safe(callback, portal.Value) is null)
            return AuthErrors.InvalidCallbackUrl;

        var result = await signUp.SignUpAsync(body.Value, Client.Of(context), ct);
        if (!result.Succeeded)
            return result.Error;

        var (user, admission) = result.Value;
        if (admission is null)
            browser.Remember(context, user);
        var token = admission is null ? null : await writer.StartAsync(context, admission);
        return TypedResults.Ok(new SignUpAnswer(token, user));
    }
}
