using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.TwoFactor;

/// <summary>A code that was right.</summary>
/// <param name="Token">An access token; null where even now no session may begin.</param>
/// <param name="User">Whose it is.</param>
internal sealed record VerifiedCode(string? Token, UserProfile User);

/// <summary>
/// What a code does that a program sends: it ends a sign-in that is half done. Of somebody who is signed in, the first
/// of a new app turns the app on, and any other is merely checked.
/// </summary>
internal sealed class CodeVerification(
    PendingSignIns pending,
    SecondStep step,
    FreshProof proof,
    SecondFactorCheck check,
    SecondFactorGuesses guesses,
    PendingAuthenticators authenticators,
    TotpEnrolment enrolment,
    SessionWriter writer,
    TokenCopies copies)
{
    /// <param name="kind"><see cref="Proofs.Totp"/> or <see cref="Proofs.RecoveryCode"/>.</param>
    public async Task<Result<VerifiedCode>> VerifyAsync(
        CurrentUser? caller, Proofs kind, CodeRequest request, HttpContext context, CancellationToken ct)
    {
        // Beside a session only what proves that session anew: another half sign-in may be left over.
        var half = await pending.FindAsync(context, ct);
        if (half is not null && (caller is null || half.Attempt.Renewed is not null))
            return await EndSignInAsync(half, kind, request, context, ct);
        if (caller is null)
            return AuthErrors.InvalidTwoFactorCookie;

        var found = await proof.FindAsync(caller, ct);
        if (!found.Succeeded)
            return found.Error;
        if (kind == Proofs.Totp && !found.Value.HasTotp)
            return await TurnOnAsync(caller, found.Value, request.Code, context, ct);
        return await check.CheckAsync(
            found.Value, kind, request.Code, $"{caller.Session.Id}", Client.Of(context), ct) is { } refusal
            ? refusal
            : new VerifiedCode(copies.For(caller), found.Value.Profile);
    }

    private async Task<Result<VerifiedCode>> EndSignInAsync(
        PendingSignIn half, Proofs kind, CodeRequest request, HttpContext context, CancellationToken ct)
    {
        var admission = await step.TakeAsync(half, kind, request.Code, request.TrustDevice, context.Response, ct);
        return admission.Succeeded
            ? new VerifiedCode(await writer.StartAsync(context, admission.Value), half.Attempt.User.Profile)
            : admission.Error;
    }

    /// <summary>
    /// Only who proved themselves has seen the secret, so its code needs no fresh sign-in; where the session alone is
    /// borrowed, it would be a guess, and counts as one.
    /// </summary>
    private async Task<Result<VerifiedCode>> TurnOnAsync(
        CurrentUser caller, User user, string code, HttpContext context, CancellationToken ct)
    {
        var client = Client.Of(context);
        if (await authenticators.FindAsync(context.Request, user.Id, caller.Session.Id) is not { } begun)
            return AuthErrors.TotpNotEnabled;
        Result<Enrolled> done = default;
        var refusal = await guesses.TryAsync(
            user,
            "totp",
            $"{caller.Session.Id}",
            client,
            async () => (done = await enrolment.ConfirmAsync(user, begun, code, caller.Session, client, ct)).Error,
            ct);
        if (refusal is not null)
            return refusal;

        authenticators.Clear(context.Response);
        var raised = done.Value!.User;
        var token = await writer.GoOnAloneAsync(context, caller, raised, Proofs.Totp);
        return new VerifiedCode(token, raised.Profile);
    }
}
