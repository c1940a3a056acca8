using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.SecondFactor;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// Whether somebody, known by another proof, holds their second factor too: at sign-in and where a fresh proof is
/// asked for. The person is as just read; one who was disabled or signed out everywhere since is refused.
/// </summary>
internal sealed class SecondFactorCheck(
    SecondFactorGuesses guesses,
    Authenticators authenticators,
    RecoveryCodes codes,
    SecurityNotices notices,
    Db db)
{
    /// <param name="kind"><see cref="Proofs.Totp"/> or <see cref="Proofs.RecoveryCode"/>.</param>
    /// <returns>Null where the code is right, which uses it up.</returns>
    public Task<AuthError?> CheckAsync(User user, Proofs kind, string code, Client client, CancellationToken ct) =>
        kind == Proofs.RecoveryCode
            ? CheckRecoveryCodeAsync(user, code, client, ct)
            : CheckTotpAsync(user, code, client, ct);

    /// <summary>A code of the authenticator app.</summary>
    /// <returns>Null where it is right, which uses it up.</returns>
    public async Task<AuthError?> CheckTotpAsync(User user, string code, Client client, CancellationToken ct) =>
        user.HasTotp
            ? await guesses.TryAsync(user, "totp", client, () => authenticators.UseAsync(user, code, ct), ct)
            : AuthErrors.TotpNotEnabled;

    /// <summary>One of the recovery codes, in any spelling.</summary>
    /// <returns>Null where it is right, which uses it up and is told to the person.</returns>
    public async Task<AuthError?> CheckRecoveryCodeAsync(
        User user, string code, Client client, CancellationToken ct) =>
        user.HasTotp
            ? await guesses.TryAsync(user, "recovery-code", client, () => UseAsync(user, code, client, ct), ct)
            : AuthErrors.BackupCodesNotEnabled;

    private async Task<AuthError?> UseAsync(User user, string code, Client client, CancellationToken ct)
    {
        var used = false;
        await db.InTransactionAsync(
            async () =>
            {
                used = await codes.UseAsync(user, code, ct);
                if (!used)
                    return;
                var left = await codes.CountLeftAsync(user, ct);
                var happened = new AuditEvent(
                    AuditTypes.RecoveryCodeUsed, user.Id, null, client, ("left", $"{left}"));
                await notices.TellAsync(happened, user, Notice(left), ct);
            },
            ct);
        return used ? null : AuthErrors.InvalidBackupCode;
    }

    private static Letter Notice(int left) => new(
        "A recovery code was used",
        [
            "One of your recovery codes has just been used in place of your authenticator app. "
                + (left == 1 ? "One is left." : $"{left} are left."),
        ],
        Closing:
        [
            "If this was you, make new ones on your security page before you run out. If it was not, choose a new "
                + "password at once with \"Forgot your password?\" on the sign-in page, then make new recovery codes: "
                + "whoever used it knows your password, and has seen the codes.",
        ]);
}
