using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// A new password for whoever proved the mailbox theirs. Whatever was opened under the old one ends: it may have been
/// somebody else's (pre-hijacking), or be in somebody else's hands.
/// </summary>
internal sealed class PasswordReplacement(
    RequestLimits limits,
    ChosenPasswords passwords,
    MailedProofStore proofs,
    WaysIn ways,
    VersionRaise raise,
    SecurityNotices notices)
{
    private static readonly Letter Notice = new(
        "Your password was changed",
        [
            "A new password has just been set for your account, by a link that we had mailed to this address.",
            "All devices are signed out. Passkeys and an authenticator app stay: once you are signed in, look at your "
                + "security page, and remove what is not yours.",
        ],
        Closing:
        [
            "If this was not you, somebody may be reading your mail: secure your mailbox, then use \"Forgot your "
                + "password?\" on the sign-in page.",
        ]);

    /// <param name="onlyUnverified">Whether an address that is confirmed already refuses it.</param>
    public async Task<Result<User>> ReplaceAsync(
        FollowedLink followed, string newPassword, bool onlyUnverified, Client client, CancellationToken ct)
    {
        if (await limits.LinkAsync(client, ct) is { } refusal)
            return refusal;
        var user = followed.User;
        var hash = await passwords.HashAsync(newPassword, (user.Id, user.Email, user.Name), client, ct);
        if (!hash.Succeeded)
            return hash.Error with { Field = hash.Error.Field is null ? null : "NewPassword" };

        var type = onlyUnverified ? AuditTypes.AccountReclaimed : AuditTypes.PasswordReset;
        var changed = await raise.RunAsync(
            user.SessionVersion,
            async () =>
            {
                var after = await proofs.ReplacePasswordAsync(
                    user, hash.Value, onlyUnverified, followed.Link.MadeAt, ct);
                if (after is not null)
                {
                    // Until now nobody had shown that the address is theirs: who made these may be another.
                    if (user.EmailVerifiedAt is null)
                        await ways.EndAllAsync(after, ct);
                    var happened = new AuditEvent(type, after.Id, null, client);
                    await notices.TellAsync(happened, after, Notice, ct);
                }

                return after;
            },
            ct);
        return changed is null ? AuthErrors.InvalidToken : changed;
    }
}
