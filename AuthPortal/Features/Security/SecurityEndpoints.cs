using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.Security;

/// <summary>What a program sends to have a password checked.</summary>
public sealed record VerifyPasswordRequest
{
    /// <summary>The caller's own.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true)]
    public string Password { get; init; } = "";
}

internal static class SecurityEndpoints
{
    public static void MapSecurity(this IEndpointRouteBuilder api)
    {
        api.MapPost("/change-password", ChangeAsync).RequireAuthorization().WithMetadata(new ThrowsOut())
            .WithSummary("Change the password")
            .Refuses([
                .. CommonRefusals.Proof, AuthErrors.CredentialAccountNotFound, .. CommonRefusals.NewPassword])
            .Sends(AnswerHeader.RefreshToken);
        api.MapPost("/verify-password", VerifyAsync).RequireAuthorization().WithSummary("Whether this is the password")
            .Refuses(CommonRefusals.Password);
    }

    /// <summary>Where password managers look (W3C, A Well-Known URL for Changing Passwords).</summary>
    public static void MapChangePassword(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/.well-known/change-password", () => TypedResults.LocalRedirect("/account/security"))
            .AllowAnonymous().WithSummary("The form that changes the password").Redirects();

    /// <summary>The new password counts.</summary>
    /// <param name="Token">Null where the session goes on as it was.</param>
    internal sealed record PasswordChanged(string? Token, UserProfile User);

    private static async Task<Results<Ok<PasswordChanged>, AuthError>> ChangeAsync(
        JsonBody<ChangePasswordRequest> body,
        CurrentUser caller,
        PasswordChangeService passwords,
        SessionWriter writer,
        HttpContext context,
        CancellationToken ct)
    {
        var result = await passwords.ChangeAsync(caller, body.Value, Client.Of(context), ct);
        if (!result.Succeeded)
            return result.Error;

        var token = body.Value.RevokeOtherSessions
            ? await writer.GoOnAloneAsync(context, caller, result.Value)
            : null;
        return TypedResults.Ok(new PasswordChanged(token, result.Value.Profile));
    }

    private static async Task<Results<Ok<Done>, AuthError>> VerifyAsync(
        JsonBody<VerifyPasswordRequest> body,
        CurrentUser caller,
        FreshProof proof,
        HttpContext context,
        CancellationToken ct)
    {
        var result = await proof.VerifyAsync(caller, body.Value.Password, Client.Of(context), ct);
        return result.Succeeded ? Done.Ok : result.Error;
    }
}
