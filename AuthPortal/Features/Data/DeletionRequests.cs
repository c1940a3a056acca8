using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Data;

/// <summary>Deletion by a mailed link: the proof for those who send no password, or have none.</summary>
internal sealed class DeletionRequests(
    Db db,
    UserStore users,
    OwnUserStore own,
    OneTimeLinks links,
    OwnerGuard guard,
    AuditStore audit,
    Outbox outbox,
    DeletionService deletion)
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    /// <summary>At most one letter a minute.</summary>
    /// <returns>Why no letter is due; null where one is, or was a moment ago.</returns>
    public async Task<AuthError?> AskAsync(CurrentUser caller, string? returnUrl, Client client, CancellationToken ct)
    {
        var user = await users.FindOwnAsync(caller.Id, caller.Id, ct);
        if (user is null || user.SessionVersion != caller.Session.Version || user.DisabledAt is not null)
            return AuthErrors.Unauthorized;
        if (guard.Doubts(user, caller.Session))
            return AuthErrors.AccountTakenBack;

        var token = links.Make(
            TokenKind.AccountDeletion, user.Id, ErasureStore.DeletionText(user), LinkLifetime);
        var letter = new Letter(
            "Delete your account?",
            ["Somebody, probably you, asked to delete your account and everything in it."],
            new LetterLink("Delete my account", links.AddressOf("/delete-account", token, returnUrl)),
            ["The link can be used once, within an hour.", SecurityNotices.IfNotYou]);
        await db.InTransactionAsync(
            async () =>
            {
                if (!await own.ClaimDeletionMailAsync(user.Id, user.SessionVersion, ct))
                    return;
                var asked = new AuditEvent(AuditTypes.DeletionAsked, user.Id, caller.Session.Id, client);
                await audit.RecordAsync(asked, ct);
                await outbox.AddAsync(user.Email, user.Profile.DisplayName, letter, user.Id, ct);
            },
            ct);
        return null;
    }

    /// <returns>Whose account the link would delete; null where it is no good.</returns>
    public async Task<User?> FindAsync(string? token, CancellationToken ct) =>
        await links.ReadAsync(token, TokenKind.AccountDeletion) is { } link
        && await own.FindToDeleteAsync(link.UserId, link.MadeAt, ct) is { } user
        && link.Fingerprint == OneTimeLinks.FingerprintOf(ErasureStore.DeletionText(user))
            ? user
            : null;

    /// <returns>Whose account it was, as <see cref="DeletionService"/> says; null where the link is no good.</returns>
    public async Task<User?> CarryOutAsync(string? token, Client client, CancellationToken ct) =>
        await FindAsync(token, ct) is not null && await links.ReadAsync(token, TokenKind.AccountDeletion) is { } link
            ? await deletion.DeleteAsync(link.UserId, link.Fingerprint, client, ct)
            : null;
}
