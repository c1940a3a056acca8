using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.PasswordReset;

/// <summary>What a person or a program sends to be mailed a link to a new password.</summary>
public sealed record RequestPasswordResetRequest
{
    /// <summary>The account's address, in any spelling of it.</summary>
    [JsonRequired, Required(ErrorMessage = "Enter your email address."), EmailAddressText, Display(Name = "Email")]
    public string Email { get; init; } = "";

    /// <summary>The program's own page for the new password; it is given the token.</summary>
    public string? RedirectTo { get; init; }
}

/// <summary>What a program's own page sends.</summary>
public sealed record ResetPasswordRequest
{
    /// <summary>8 to 128 code points (NIST SP 800-63B-4 §3.1.1.2).</summary>
    [JsonRequired]
    public string NewPassword { get; init; } = "";

    /// <summary>From the mailed link; it may stand in the query instead.</summary>
    public string? Token { get; init; }
}

internal static class PasswordResetEndpoints
{
    private static readonly AuthError NoCallback =
        AuthErrors.Validation(["[query.callbackURL] Invalid input: expected string, received undefined"]);

    public static void MapPasswordReset(this IEndpointRouteBuilder api)
    {
        api.MapPost("/request-password-reset", RequestAsync).WithSummary("Mail a link to a new password")
            .Refuses(AuthErrors.InvalidRedirectUrl, AuthErrors.ResetPasswordDisabled);
        api.MapGet("/reset-password/{token}", HandOnAsync).WithMetadata(new ReachedByMail())
            .WithName("resetPasswordCallback")
            .WithSummary("Where the mailed link of a program leads: on to the program's own page")
            .Redirects().Refuses(NoCallback, AuthErrors.InvalidCallbackUrl);
        api.MapPost("/reset-password", ResetAsync).WithSummary("Set a new password by a mailed link")
            .Refuses([AuthErrors.InvalidToken, .. CommonRefusals.NewPassword]);
    }

    private static async Task<Results<Ok<ResetMailed>, AuthError>> RequestAsync(
        JsonBody<RequestPasswordResetRequest> body,
        PasswordResetService resets,
        IOptions<PortalOptions> portal,
        HttpContext context,
        CancellationToken ct)
    {
        var redirectTo = string.IsNullOrEmpty(body.Value.RedirectTo) ? null : body.Value.RedirectTo;
        if (redirectTo is not null && ReturnUrl.Safe(redirectTo, portal.Value) is null)
            return AuthErrors.InvalidRedirectUrl;

        var refusal = await resets.RequestAsync(body.Value.Email, redirectTo, Client.Of(context), ct);
        return refusal is not null
            ? refusal
            : TypedResults.Ok(new ResetMailed(
                true, "If this email exists in our system, check your email for the reset link"));
    }

    internal sealed record ResetMailed(bool Status, string Message);

    private static async Task<IResult> HandOnAsync(
        string token,
        [FromQuery(Name = "callbackURL")] string? callback,
        PasswordResetService resets,
        IOptions<PortalOptions> portal,
        CancellationToken ct)
    {
        if (callback is null)
            return NoCallback;
        if (callback.Length == 0)
            return TypedResults.Redirect($"{portal.Value.PublicUrl}/api/auth/error?error=INVALID_TOKEN");
        if (ReturnUrl.Safe(callback, portal.Value) is not { } safe)
            return AuthErrors.InvalidCallbackUrl;

        var isGood = await resets.FindAsync(token, ct) is not null;
        return TypedResults.Redirect(CallbackUrl.With(
            safe, isGood ? ("token", token) : ("error", AuthErrors.InvalidToken.Code!), portal.Value));
    }

    private static async Task<Results<Ok<Done>, AuthError>> ResetAsync(
        JsonBody<ResetPasswordRequest> body,
        [FromQuery(Name = "token")] string? inQuery,
        PasswordResetService resets,
        KnownDevices devices,
        HttpContext context,
        CancellationToken ct)
    {
        var token = body.Value.Token ?? inQuery;
        var result = await resets.ResetAsync(token, body.Value.NewPassword, Client.Of(context), ct);
        if (!result.Succeeded)
            return result.Error;
        await devices.RememberResetAsync(context, result.Value);
        return Done.Ok;
    }
}
