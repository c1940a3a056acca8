using AuthPortal.Database;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailChange;

/// <summary>The second half: the new address confirms, or the old one takes it back.</summary>
internal sealed class EmailChangeLinks(
    UserStore users,
    OwnUserStore own,
    OneTimeLinks links,
    VersionRaise raise,
    AddressUndo undo,
    EmailChangeNews news)
{
    /// <returns>The address that the link is about; null where the link is no good, or no longer.</returns>
    public async Task<EmailAddress?> AddressAsync(string? token, TokenKind kind, CancellationToken ct) =>
        await links.ReadAsync(token, kind) is { } link
        && await FindAsync(link, kind, ct) is { DisabledAt: null } user
        && Fits(link, kind, user)
            ? EmailAddress.TryParse(link.Subject)
            : null;

    /// <returns>The person under their new address.</returns>
    public Task<Result<User>> ConfirmAsync(string? token, Client client, CancellationToken ct) =>
        UseAsync(token, TokenKind.EmailChange, (link, email, older) => raise.RunAsync(
            older.SessionVersion,
            async () =>
            {
                var user = await own.ChangeEmailAsync(link.UserId, link.Fingerprint, email, link.MadeAt, ct);
                if (user is not null)
                    await news.ChangedAsync(older, user, client, ct);
                return user;
            },
            ct), ct);

    /// <returns>The person under their old address, every session ended.</returns>
    public Task<Result<User>> UndoAsync(string? token, Client client, CancellationToken ct) =>
        UseAsync(token, TokenKind.EmailChangeUndo, (link, email, older) => raise.RunAsync(
            older.SessionVersion,
            async () =>
            {
                var user = await undo.MoveBackAsync(link.UserId, link.Fingerprint, email, ct);
                if (user is not null)
                    await news.UndoneAsync(user, client, ct);
                return user;
            },
            ct), ct);

    private async Task<Result<User>> UseAsync(
        string? token, TokenKind kind, Func<OneTimeLink, EmailAddress, User, Task<User?>> use, CancellationToken ct)
    {
        // The row is read for the letter and the words alone: the statement decides.
        if (await links.ReadAsync(token, kind) is not { } link
            || EmailAddress.TryParse(link.Subject) is not { } email
            || await users.FindOwnAsync(link.UserId, link.UserId, ct) is not { } older)
        {
            return AuthErrors.InvalidToken;
        }

        try
        {
            return await use(link, email, older) is { } user ? user : AuthErrors.InvalidToken;
        }
        catch (Exception e) when (UniqueConflict.Is(e))
        {
            return kind == TokenKind.EmailChangeUndo
                ? AuthErrors.OldAddressTaken
                : AuthErrors.UserAlreadyExists with { Field = null };
        }
    }

    /// <summary>
    /// A newer link to a new address voids the older one. Nothing voids the way back but its use: who took the account
    /// over can have links mailed, and must not void their victim's by it.
    /// </summary>
    private Task<User?> FindAsync(OneTimeLink link, TokenKind kind, CancellationToken ct) =>
        kind == TokenKind.EmailChange
            ? own.FindToMoveAsync(link.UserId, link.MadeAt, ct)
            : users.FindOwnAsync(link.UserId, link.UserId, ct);

    private static bool Fits(OneTimeLink link, TokenKind kind, User user) =>
        link.Fingerprint == OneTimeLinks.FingerprintOf(
            kind == TokenKind.EmailChange ? OwnUserStore.EmailChangeText(user) : user.EmailCanonical);
}
