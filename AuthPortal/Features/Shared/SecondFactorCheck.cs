using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Languages;
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
    /// <param name="own">The device or session that has a budget of its own; null for a stranger's.</param>
    /// <returns>Null where the code is right, which uses it up.</returns>
    public async Task<AuthError?> CheckAsync(
        User user, Proofs kind, string code, string? own, Client client, CancellationToken ct)
    {
        var isRecovery = kind == Proofs.RecoveryCode;
        if (!user.HasTotp)
            return isRecovery ? AuthErrors.BackupCodesNotEnabled : AuthErrors.TotpNotEnabled;
        return isRecovery
            ? await guesses.TryAsync(user, "recovery-code", own, client, () => UseAsync(user, code, client, ct), ct)
            : await guesses.TryAsync(user, "totp", own, client, () => authenticators.UseAsync(user, code, ct), ct);
    }

    /// <summary>One of the recovery codes, in any spelling: its use is told to the person.</summary>
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
            left == 1
                ? "One of your recovery codes has just been used in place of your authenticator app. One is left."
                : new Phrase(
                    "One of your recovery codes has just been used in place of your authenticator app. {0} are left.",
                    left),
        ],
        Closing:
        [
            "If this was you, make new ones on your security page before you run out. If it was not, choose a new "
                + "password at once with \"Forgot your password?\" on the sign-in page, then make new recovery codes: "
                + "whoever used it knows your password, and has seen the codes.",
        ]);
}
