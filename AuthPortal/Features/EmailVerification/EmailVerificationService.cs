using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Passwords;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailVerification;

/// <summary>The rules of confirming an address.</summary>
internal sealed class EmailVerificationService(
    Db db,
    MailedLinks links,
    MailedProofStore proofs,
    PasswordGuesses guesses,
    PasswordReplacement replacement,
    AuditStore audit)
{
    /// <returns>The link and its person; null where it no longer works.</returns>
    public Task<FollowedLink?> FindAsync(string? token, CancellationToken ct) =>
        links.FindAsync(token, TokenKind.EmailVerification, ct);

    /// <summary>For whoever is known to have chosen the password: it stays, and so do the sessions.</summary>
    public async Task<Result<User>> ConfirmAsync(FollowedLink followed, Client client, CancellationToken ct)
    {
        var (link, user) = followed;
        User? verified = null;
        await db.InTransactionAsync(
            async () =>
            {
                verified = await proofs.VerifyAsync(user.Id, user.PasswordId, link.Fingerprint, ct);
                if (verified is not null)
                    await audit.RecordAsync(new AuditEvent(AuditTypes.EmailVerified, user.Id, null, client), ct);
            },
            ct);
        verified ??= await ConfirmedMeanwhileAsync(user, ct);
        return verified is null ? AuthErrors.InvalidToken : verified;
    }

    /// <summary>The same, where the password is the proof.</summary>
    /// <param name="own">Of a device that is known: <see cref="PasswordGuess.Own"/>.</param>
    public async Task<Result<User>> ConfirmAsync(
        FollowedLink followed, string password, string? own, Client client, CancellationToken ct)
    {
        var user = followed.User;
        var verdict = await guesses.JudgeAsync(new PasswordGuess(user.Address, user, password, own), client, ct);
        if (!verdict.Succeeded)
            return verdict.Error;
        if (verdict.Value != PasswordVerdict.Wrong)
            return await ConfirmAsync(followed, client, ct);
        await audit.RecordAsync(new AuditEvent(AuditTypes.PasswordRefused, user.Id, null, client), ct);
        return AuthErrors.InvalidPassword with { Field = "Password", Advice = NotThePassword };
    }

    private async Task<User?> ConfirmedMeanwhileAsync(User user, CancellationToken ct) =>
        await proofs.FindAsync(user.Id, ct) is { EmailVerifiedAt: not null } now
            && now.EmailCanonical == user.EmailCanonical ? now : null;

    private const string NotThePassword =
        "That is not the password this account was opened with. If it was not you who chose it, choose a new one.";

    /// <summary>For everybody else: whoever opened the account, its password, name, picture and sessions go.</summary>
    public Task<Result<User>> ReclaimAsync(
        FollowedLink followed, string newPassword, Client client, CancellationToken ct) =>
        replacement.ReplaceAsync(followed, newPassword, onlyUnverified: true, client, ct);
}
