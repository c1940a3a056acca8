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
        var own = api.MapGroup("/two-factor").RequireAuthorization();
        own.MapPost("/enable", EnableAsync)
            .WithSummary("A secret for an authenticator app; a first code of it turns it on");
        own.MapPost("/get-totp-uri", UriAsync).WithSummary("The same secret once more");
        own.MapPost("/disable", DisableAsync).WithSummary("Turn the authenticator app off");
        own.MapPost("/generate-backup-codes", ReplaceCodesAsync)
            .WithSummary("New recovery codes; the old ones are void");
    }

    /// <summary>For who is signed in, and for who is only half so.</summary>
    public static void MapCodes(this IEndpointRouteBuilder api)
    {
        var codes = api.MapGroup("/two-factor").WithMetadata(new StartsSession());
        codes.MapPost("/verify-totp", TotpAsync).WithSummary("Give a code of the authenticator app");
        codes.MapPost("/verify-backup-code", RecoveryCodeAsync).WithSummary("Give a recovery code");
    }

    private sealed record Begun(
        string Method, [property: JsonPropertyName("totpURI")] string TotpUri, IReadOnlyList<string> BackupCodes);

    private sealed record UriOnly([property: JsonPropertyName("totpURI")] string TotpUri);

    private static async Task<Results<Ok<Begun>, AuthError>> EnableAsync(
        JsonBody<EnableRequest> body,
        CurrentUser caller,
        FreshProof proof,
        TotpEnrolment enrolment,
        Authenticators authenticators,
        HttpContext context,
        CancellationToken ct)
    {
        if (body.Value.Method == "otp")
            return AuthErrors.OtpNotConfigured;
        var proved = await proof.CheckAsync(caller, body.Value.Password, Client.Of(context), ct);
        if (!proved.Succeeded)
            return proved.Error;

        var begun = await enrolment.BeginAsync(proved.Value, withCodes: true, ct);
        if (!begun.Succeeded)
            return begun.Error;
        var uri = authenticators.UriOf(begun.Value.Key, proved.Value, body.Value.Issuer);
        return TypedResults.Ok(new Begun("totp", uri, begun.Value.RecoveryCodes));
    }

    private static async Task<Results<Ok<UriOnly>, AuthError>> UriAsync(
        JsonBody<ProofRequest> body,
        CurrentUser caller,
        FreshProof proof,
        Authenticators authenticators,
        HttpContext context,
        CancellationToken ct)
    {
        var proved = await proof.CheckAsync(caller, body.Value.Password, Client.Of(context), ct);
        if (!proved.Succeeded)
            return proved.Error;
        var held = await authenticators.FindAsync(caller.Id, ct);
        return held.Succeeded
            ? TypedResults.Ok(new UriOnly(authenticators.UriOf(held.Value.Key, proved.Value)))
            : held.Error;
    }

    private static async Task<IResult> DisableAsync(
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
        var done = await enrolment.RemoveAsync(proved.Value, caller.Session.Id, client, ct);
        if (!done.Succeeded)
            return done.Error;
        context.Response.Headers["set-auth-jwt"] = await writer.GoOnAloneAsync(context, caller, done.Value);
        return TypedResults.Ok(new { status = true });
    }

    private static async Task<IResult> ReplaceCodesAsync(
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
        var made = await enrolment.ReplaceCodesAsync(proved.Value, caller.Session.Id, client, ct);
        return made.Succeeded ? TypedResults.Ok(new { status = true, backupCodes = made.Value }) : made.Error;
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
