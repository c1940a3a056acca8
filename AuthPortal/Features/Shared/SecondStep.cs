using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>The second step of a sign-in, for pages and programs: once more through the gate.</summary>
internal sealed class SecondStep(
    SecondFactorCheck check, TrustedDevices trusted, KnownDevices known, SessionIssuer sessions)
{
    /// <param name="kind">Of the code: <see cref="Proofs.Totp"/> or <see cref="Proofs.RecoveryCode"/>.</param>
    /// <param name="trustDevice">
    /// Whether this browser is to be asked for the password alone from now on. A recovery code, which may be one that
    /// somebody found, has no browser trusted.
    /// </param>
    public async Task<Result<Admission>> TakeAsync(
        PendingSignIn half, Proofs kind, string code, bool trustDevice, HttpResponse response, CancellationToken ct)
    {
        var (user, client) = (half.Attempt.User, half.Attempt.Client);
        var own = await known.FindAsync(half.Attempt.Device?.Known, user);
        if (await check.CheckAsync(user, kind, code, own, client, ct) is { } refusal)
            return refusal;
        var admission = await ProveAsync(half, kind, user, ct);
        if (trustDevice && kind == Proofs.Totp && admission.Value?.Session is not null)
            trusted.Trust(response, user);
        return admission;
    }

    /// <param name="user">As they are now.</param>
    public Task<Result<Admission>> ProveAsync(PendingSignIn half, Proofs more, User user, CancellationToken ct) =>
        sessions.StartAsync(half.Attempt with { User = user, Proved = half.Attempt.Proved | more }, ct);
}
