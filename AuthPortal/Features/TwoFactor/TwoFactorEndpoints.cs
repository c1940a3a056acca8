using System.Text.Json.Serialization;
using AuthPortal.SecondFactor;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.TwoFactor;

/// <summary>Better Auth's two-factor plugin, as far as it is about an authenticator app.</summary>
internal static class TwoFactorEndpoints
{
    public static void MapTwoFactor(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/two-factor").RequireAuthorization().Refuses(CommonRefusals.Proof);
        own.MapPost("/enable", EnableAsync)
            .WithSummary("A secret for an authenticator app; a first code of it turns it on")
            .Refuses(AuthErrors.OtpNotConfigured, AuthErrors.TotpAlreadyEnabled);
        own.MapPost("/get-totp-uri", UriAsync).WithSummary("The same secret once more, until its first code was given")
            .Refuses(AuthErrors.TotpNotEnabled, AuthErrors.TotpAlreadyEnabled);
        own.MapPost("/disable", DisableAsync).WithMetadata(new ThrowsOut())
            .WithSummary("Turn the authenticator app off")
            .Refuses(AuthErrors.TwoFactorNotEnabled, AuthErrors.SecondFactorRequired, AuthErrors.AccountTakenBack)
            .Sends(AnswerHeader.AccessToken, AnswerHeader.RefreshToken);
        own.MapPost("/generate-backup-codes", ReplaceCodesAsync)
            .WithSummary("New recovery codes; the old ones are void")
            .Refuses(AuthErrors.TwoFactorNotEnabled, AuthErrors.AccountTakenBack);
    }

    /// <summary>For who is signed in, and for who is only half so.</summary>
    public static void MapCodes(this IEndpointRouteBuilder api)
    {
        var codes = api.MapGroup("/two-factor")
            .WithMetadata(new StartsSession(), CookieCredential.Access, CookieCredential.Pending)
            .Refuses([.. CommonRefusals.SignIn, AuthErrors.InvalidTwoFactorCookie, AuthErrors.Unauthorized])
            .Sends(AnswerHeader.RefreshToken);
        codes.MapPost("/verify-totp", TotpAsync).WithSummary("Give a code of the authenticator app")
            .Refuses(
                AuthErrors.InvalidCode,
                AuthErrors.TotpNotEnabled,
                AuthErrors.TotpAlreadyEnabled,
                AuthErrors.AccountTakenBack,
                AuthErrors.SecondFactorUnreadable);
        codes.MapPost("/verify-backup-code", RecoveryCodeAsync).WithSummary("Give a recovery code")
            .Refuses(AuthErrors.InvalidBackupCode, AuthErrors.BackupCodesNotEnabled);
    }

    /// <summary>A secret that waits for its first code, and recovery codes, to be shown now and never again.</summary>
    internal sealed record TotpBegun(
        string Method, [property: JsonPropertyName("totpURI")] string TotpUri, IReadOnlyList<string> BackupCodes);

    internal sealed record TotpUriOnly([property: JsonPropertyName("totpURI")] string TotpUri);

    internal sealed record NewBackupCodes(bool Status, IReadOnlyList<string> BackupCodes);

    private static async Task<Results<Ok<TotpBegun>, AuthError>> EnableAsync(
        JsonBody<EnableRequest> body,
        CurrentUser caller,
        FreshProof proof,
        PendingAuthenticators pending,
        Authenticators authenticators,
        HttpContext context,
        CancellationToken ct)
    {
        if (body.Value.Method == "otp")
            return AuthErrors.OtpNotConfigured;
        var proved = await proof.CheckAsync(caller, body.Value.Password, Client.Of(context), ct);
        if (!proved.Succeeded)
            return proved.Error;

        if (proved.Value.HasTotp)
            return AuthErrors.TotpAlreadyEnabled;
        var begun = pending.Begin(context.Response, caller.Id, caller.Session.Id, RecoveryCodes.Make());
        var uri = authenticators.UriOf(begun.Key, proved.Value, body.Value.Issuer);
        return TypedResults.Ok(new TotpBegun("totp", uri, begun.RecoveryCodes));
    }

    private static async Task<Results<Ok<TotpUriOnly>, AuthError>> UriAsync(
        JsonBody<ProofRequest> body,
        CurrentUser caller,
        FreshProof proof,
        PendingAuthenticators pending,
        Authenticators authenticators,
        HttpContext context,
        CancellationToken ct)
    {
        var proved = await proof.CheckAsync(caller, body.Value.Password, Client.Of(context), ct);
        if (!proved.Succeeded)
            return proved.Error;
        if (proved.Value.HasTotp)
            return AuthErrors.TotpAlreadyEnabled;
        return await pending.FindAsync(context.Request, caller.Id, caller.Session.Id) is { } begun
            ? TypedResults.Ok(new TotpUriOnly(authenticators.UriOf(begun.Key, proved.Value)))
            : AuthErrors.TotpNotEnabled;
    }

    private static async Task<Results<Ok<Done>, AuthError>> DisableAsync(
        JsonBody<ProofRequest> body,
        CurrentUser caller,
        FreshProof proof,
        TotpEnrolment enrolment,
        SessionWriter writer,
        HttpContext context,
        CancellationToken ct)
    {
        var client = Client.Of(context);
        var proved = await proof.CheckAsync(caller, body.Value.Password, client, ct);
        if (!proved.Succeeded)
            return proved.Error;
        var done = await enrolment.RemoveAsync(proved.Value, caller.Session, client, ct);
        if (!done.Succeeded)
            return done.Error;
        context.Response.Headers["set-auth-jwt"] = await writer.GoOnAloneAsync(context, caller, done.Value);
        return Done.Ok;
    }

    private static async Task<Results<Ok<NewBackupCodes>, AuthError>> ReplaceCodesAsync(
        JsonBody<ProofRequest> body,
        CurrentUser caller,
        FreshProof proof,
        TotpEnrolment enrolment,
        HttpContext context,
        CancellationToken ct)
    {
        var client = Client.Of(context);
        var proved = await proof.CheckAsync(caller, body.Value.Password, client, ct);
        if (!proved.Succeeded)
            return proved.Error;
        var made = await enrolment.ReplaceCodesAsync(proved.Value, caller.Session, client, ct);
        return made.Succeeded ? TypedResults.Ok(new NewBackupCodes(true, made.Value)) : made.Error;
    }

    private static async Task<Results<Ok<VerifiedCode>, AuthError>> TotpAsync(
        JsonBody<CodeRequest> body,
        CurrentUser? caller,
        CodeVerification codes,
        HttpContext context,
        CancellationToken ct) =>
        Answer(await codes.VerifyAsync(caller, Proofs.Totp, body.Value, context, ct));

    private static async Task<Results<Ok<VerifiedCode>, AuthError>> RecoveryCodeAsync(
        JsonBody<CodeRequest> body,
        CurrentUser? caller,
        CodeVerification codes,
        HttpContext context,
        CancellationToken ct) =>
        Answer(await codes.VerifyAsync(caller, Proofs.RecoveryCode, body.Value, context, ct));

    private static Results<Ok<VerifiedCode>, AuthError> Answer(Result<VerifiedCode> result) =>
        result.Succeeded ? TypedResults.Ok(result.Value) : result.Error;
}
