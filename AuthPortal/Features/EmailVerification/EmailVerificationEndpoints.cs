using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.EmailVerification;

/// <summary>What a person or a program sends to be mailed another link.</summary>
public sealed record SendVerificationEmailRequest
{
    /// <summary>The account's address, in any spelling of it.</summary>
    [JsonRequired, Required(ErrorMessage = "Enter your email address."), EmailAddressText, Display(Name = "Email")]
    public string Email { get; init; } = "";

    /// <summary>Where the page goes afterwards.</summary>
    [JsonPropertyName("callbackURL")]
    public string? CallbackUrl { get; init; }
}

internal static class EmailVerificationEndpoints
{
    /// <summary>Better Auth has one address for both.</summary>
    private static readonly (TokenKind Kind, string Page)[] Pages =
        [(TokenKind.EmailVerification, "/verify-email"), (TokenKind.EmailChange, "/change-email")];

    private static readonly AuthError NoToken =
        AuthErrors.Validation(["[query.token] Invalid input: expected string, received undefined"]);

    private static readonly AuthError Refused =
        AuthErrors.InvalidToken with { Status = StatusCodes.Status401Unauthorized };

    public static void MapEmailVerification(this IEndpointRouteBuilder api)
    {
        api.MapPost("/send-verification-email", SendAsync).WithSummary("Mail another link that confirms an address")
            .Refuses(
                AuthErrors.InvalidCallbackUrl,
                AuthErrors.InvalidEmail,
                AuthErrors.VerificationEmailNotEnabled,
                AuthErrors.EmailMismatch,
                AuthErrors.EmailAlreadyVerified);
        api.MapGet("/verify-email", HandOnAsync).WithMetadata(new ReachedByMail())
            .WithSummary("To the page that confirms an address: opening a link spends nothing")
            .Redirects()
            .Refuses(NoToken, AuthErrors.InvalidCallbackUrl, Refused, AuthErrors.TokenExpired);
    }

    private static async Task<Results<Ok<Done>, AuthError>> SendAsync(
        JsonBody<SendVerificationEmailRequest> body,
        CurrentUser? caller,
        VerificationRequest request,
        IOptions<PortalOptions> portal,
        HttpContext context,
        CancellationToken ct)
    {
        var callback = body.Value.CallbackUrl;
        if (callback is not null && ReturnUrl.Safe(callback, portal.Value) is null)
            return AuthErrors.InvalidCallbackUrl;

        var refusal = await request.SendAsync(body.Value.Email, callback, caller, Client.Of(context), ct);
        return refusal is not null ? refusal : Done.Ok;
    }

    private static async Task<IResult> HandOnAsync(
        string? token,
        [FromQuery(Name = "callbackURL")] string? callback,
        OneTimeLinks links,
        IOptions<PortalOptions> portal)
    {
        if (token is null)
            return NoToken;
        var back = ReturnUrl.Safe(callback, portal.Value);
        if (!string.IsNullOrEmpty(callback) && back is null)
            return AuthErrors.InvalidCallbackUrl;

        var refusal = Refused;
        foreach (var (kind, page) in Pages)
        {
            if (await links.ReadAsync(token, kind) is not null)
                return TypedResults.Redirect(links.AddressOf(page, token, back));
            if (await links.IsExpiredAsync(token, kind))
                refusal = AuthErrors.TokenExpired;
        }

        return back is null
            ? refusal
            : TypedResults.Redirect(CallbackUrl.With(back, ("error", refusal.Code!), portal.Value));
    }
}
