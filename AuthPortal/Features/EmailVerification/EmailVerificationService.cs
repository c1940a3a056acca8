using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailVerification;

/// <summary>The rules of confirming an address.</summary>
internal sealed class EmailVerificationService(
    Db db,
    MailedLinks links,
    MailedProofStore proofs,
    PasswordProof passwords,
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
                verified = await proofs.VerifyAsync(user.Id, user.PasswordId, link.Fingerprint, link.MadeAt, ct);
                if (verified is not null)
                    await audit.RecordAsync(new AuditEvent(AuditTypes.EmailVerified, user.Id, null, client), ct);
            },
            ct);
        verified ??= await ConfirmedMeanwhileAsync(user, ct);
        return verified is null ? AuthErrors.InvalidToken : verified;
    }

    /// <summary>The same, where the password is the proof.</summary>
    /// <param name="deviceToken">What the browser brings of <see cref="KnownDevices"/>.</param>
    public async Task<Result<User>> ConfirmAsync(
        FollowedLink followed, string password, string? deviceToken, Client client, CancellationToken ct)
    {
        var isRight = await passwords.IsRightAsync(followed.User, password, deviceToken, client, ct);
        if (!isRight.Succeeded)
            return isRight.Error;
        return isRight.Value
            ? await ConfirmAsync(followed, client, ct)
            : AuthErrors.InvalidPassword with { Field = "Password", Advice = NotThePassword };
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
