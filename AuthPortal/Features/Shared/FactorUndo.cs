using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// For 72 hours the letter that tells of an added passkey or authenticator app can take it away again, and with it
/// whatever was added shortly before or since: whoever is locked out by a thief's needs no operator. It ends every
/// session and voids the password, since whoever added it may know it.
/// </summary>
internal sealed class FactorUndo(
    OneTimeLinks links,
    WaysIn ways,
    MailedProofStore proofs,
    UserStateStore users,
    VersionRaise raise,
    SecurityNotices notices,
    TimeProvider clock)
{
    private static readonly Letter Undone = new(
        "What was added to your account is removed",
        [
            "A passkey or an authenticator app that was added to your account is removed, with whatever was added "
                + "since. Every device is signed out.",
            "Unless you have just chosen it, the old password no longer works: whoever added this may know it. Choose "
                + "a new one with \"Forgot your password?\" on the sign-in page.",
        ]);

    /// <summary>For the letter that tells of it.</summary>
    public string LinkFor(User user, AddedFactor factor) => LinkFor(user, factor, keptPassword: null);

    /// <summary>For who has just chosen a new password, which stays.</summary>
    /// <returns>Null where it can no longer be undone: then it is removed by who is signed in.</returns>
    public string? LinkAfterReset(User user, AddedFactor factor) =>
        factor.AddedAt + UndoWindow.Length > clock.GetUtcNow() ? LinkFor(user, factor, PasswordOf(user)) : null;

    /// <returns>What the link would take away; null where it is no good, or no longer.</returns>
    public async Task<AddedFactor?> FindAsync(string? token, CancellationToken ct) =>
        await links.ReadAsync(token, TokenKind.FactorUndo) is { } link
        && await proofs.FindAsync(link.UserId, ct) is not null
            ? await FindAsync(link, ct)
            : null;

    /// <returns>The person, every session ended.</returns>
    public async Task<Result<User>> UndoAsync(string? token, Client client, CancellationToken ct)
    {
        if (await links.ReadAsync(token, TokenKind.FactorUndo) is not { } link)
            return AuthErrors.InvalidToken;
        var undone = await raise.RunAsync(
            version: 0,
            async () =>
            {
                if (await proofs.HoldAsync(link.UserId, ct) is not { } held
                    || await FindAsync(link, ct) is not { } factor)
                {
                    return null;
                }

                await ways.EndAsync(held.Id, factor.AddedAt - UndoWindow.Shortly, ct);
                var user = await users.EvictAsync(held.Id, keepPassword: link.Subject == PasswordOf(held), ct);
                var happened = new AuditEvent(AuditTypes.FactorUndone, held.Id, null, client, ("kind", factor.Kind));
                await notices.TellAsync(happened, held, Undone, ct);
                return user;
            },
            ct);
        return undone is null ? AuthErrors.InvalidToken : undone;
    }

    /// <summary>As long as it is there: so of two uses of a link the second finds nothing.</summary>
    private async Task<AddedFactor?> FindAsync(OneTimeLink link, CancellationToken ct) =>
        (await ways.ListAsync(link.UserId, clock.GetUtcNow() - UndoWindow.Length, ct))
            .FirstOrDefault(factor => OneTimeLinks.FingerprintOf(TextOf(factor)) == link.Fingerprint);

    private string LinkFor(User user, AddedFactor factor, string? keptPassword)
    {
        var left = factor.AddedAt + UndoWindow.Length - clock.GetUtcNow();
        return links.AddressOf(
            "/undo-factor", links.Make(TokenKind.FactorUndo, user.Id, TextOf(factor), left, keptPassword));
    }

    private static string TextOf(AddedFactor factor) => $"{factor.Kind} {factor.Id}";

    private static string PasswordOf(User user) => OneTimeLinks.FingerprintOf($"{user.PasswordId}");
}
