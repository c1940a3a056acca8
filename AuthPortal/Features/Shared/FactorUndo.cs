using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Languages;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>All that a mailed factor-undo link will take away, and give back.</summary>
/// <param name="Factor">What the letter told of.</param>
/// <param name="Since">From when on what was added is taken away.</param>
/// <param name="Going">All that is, the oldest first.</param>
/// <param name="EmailBack">The address that comes back with it; null where none was changed since.</param>
internal sealed record FactorUndoing(
    AddedFactor Factor, DateTimeOffset Since, IReadOnlyList<AddedFactor> Going, EmailAddress? EmailBack);

/// <summary>
/// For 72 hours the letter that tells of an added passkey, app or recovery codes can take it away again, and with it
/// whatever was added shortly before it or since: whoever is locked out by a thief's needs no operator. It ends every
/// session and voids the password, since whoever added it may know it; and where the address was changed since, that is
/// undone too, or the account would be left to the mailbox it was moved to.
/// </summary>
internal sealed class FactorUndo(
    OneTimeLinks links,
    WaysIn ways,
    MailedProofStore proofs,
    UserStateStore users,
    OwnUserStore own,
    AddressUndo addresses,
    AuditStore audit,
    VersionRaise raise,
    SecurityNotices notices,
    TimeProvider clock)
{
    /// <summary>For the letter that tells of it.</summary>
    public string LinkFor(User user, AddedFactor factor) => LinkFor(user, factor, keptPassword: null);

    /// <summary>For who has just chosen a new password, which stays.</summary>
    /// <returns>Null where it can no longer be undone: then it is removed by who is signed in.</returns>
    public string? LinkAfterReset(User user, AddedFactor factor) =>
        factor.AddedAt + UndoWindow.Length > clock.GetUtcNow()
            ? LinkFor(user, factor, PasswordFingerprint(user))
            : null;

    /// <summary>What an account still has that was added lately, for a page that ends with it.</summary>
    public Task<IReadOnlyList<RecentFactor>> ListAsync(User user, CancellationToken ct) =>
        ListAsync(user, clock.GetUtcNow() - WaysIn.Recent, ct);

    /// <summary>
    /// All that an account still has, once it was taken back: whoever had to be put out may have had it for long.
    /// </summary>
    public Task<IReadOnlyList<RecentFactor>> ListAllAsync(User user, CancellationToken ct) =>
        ListAsync(user, DateTimeOffset.MinValue, ct);

    private async Task<IReadOnlyList<RecentFactor>> ListAsync(User user, DateTimeOffset since, CancellationToken ct) =>
    [
        .. from factor in await ways.ListAsync(user.Id, since, ct)
           select new RecentFactor(factor, LinkAfterReset(user, factor)),
    ];

    /// <returns>What the link would take away; null where it is no good, or no longer.</returns>
    public async Task<FactorUndoing?> FindAsync(string? token, CancellationToken ct)
    {
        if (await links.ReadAsync(token, TokenKind.FactorUndo) is not { } link
            || await proofs.FindAsync(link.UserId, ct) is not { } user)
        {
            return null;
        }

        return await FindAsync(link, user, ct);
    }

    /// <returns>The person, every session ended.</returns>
    public async Task<Result<User>> UndoAsync(string? token, Client client, CancellationToken ct)
    {
        if (await links.ReadAsync(token, TokenKind.FactorUndo) is not { } link)
            return AuthErrors.InvalidToken;
        try
        {
            var undone = await raise.RunAsync(version: 0, () => UndoAsync(link, client, ct), ct);
            return undone is null ? AuthErrors.InvalidToken : undone;
        }
        catch (Exception e) when (UniqueConflict.Is(e))
        {
            return AuthErrors.OldAddressTaken;
        }
    }

    private async Task<User?> UndoAsync(OneTimeLink link, Client client, CancellationToken ct)
    {
        if (await proofs.HoldAsync(link.UserId, ct) is not { } held
            || await FindAsync(link, held, ct) is not { } undoing)
        {
            return null;
        }

        var user = undoing.EmailBack is { } email
            ? await addresses.MoveBackAsync(held.Id, OneTimeLinks.FingerprintOf(held.EmailCanonical), email, ct)
            : await users.EvictAsync(
                held.Id, keepPassword: link.Subject is not null, isTakenBack: true, ct);
        if (user is null)
            return null;
        await ways.EndAsync(user, undoing.Since, ct);
        if (undoing.EmailBack is not null)
            await audit.RecordAsync(new AuditEvent(AuditTypes.EmailChangeUndone, held.Id, null, client), ct);
        var happened = new AuditEvent(
            AuditTypes.FactorUndone, held.Id, null, client, ("kind", undoing.Factor.Kind));
        await notices.TellAsync(happened, user, Undone(undoing), ct);
        return user;
    }

    /// <summary>As long as what it is about is there: so of two uses of a link the second finds nothing.</summary>
    private async Task<FactorUndoing?> FindAsync(OneTimeLink link, User user, CancellationToken ct)
    {
        var young = await ways.ListAsync(user.Id, clock.GetUtcNow() - UndoWindow.Length, ct);
        if (young.FirstOrDefault(factor => OneTimeLinks.FingerprintOf(TextOf(factor)) == link.Fingerprint)
            is not { } found)
        {
            return null;
        }

        // Whoever set a password has its page's links for as long as it is the password.
        if (link.Subject is not null && link.Subject != PasswordFingerprint(user))
            return null;

        // Its letter went to the address before a change that came later. Who has just set a new password reads the
        // present one.
        var change = link.Subject is null ? await own.FindChangeAsync(user.Id, ct) : null;
        var emailBack = change?.ChangedAt >= found.AddedAt ? EmailAddress.TryParse(change.EmailBefore) : null;
        var first = emailBack is not null && change!.AskedAt < found.AddedAt ? change.AskedAt : found.AddedAt;
        var since = first - UndoWindow.Shortly;
        return new FactorUndoing(found, since, await ways.ListAsync(user.Id, since, ct), emailBack);
    }

    private string LinkFor(User user, AddedFactor factor, string? keptPassword)
    {
        var left = factor.AddedAt + UndoWindow.Length - clock.GetUtcNow();
        return links.AddressOf(
            "/undo-factor", links.Make(TokenKind.FactorUndo, user.Id, TextOf(factor), left, keptPassword));
    }

    private static Letter Undone(FactorUndoing undoing) => new(
        "What was added to your account is removed",
        [
            new Phrase(
                "Removed from your account: {0}. Every device is signed out.",
                undoing.Going.Select(FactorName.Usual).Distinct()
                    .Aggregate((all, next) => new Phrase("{0}, {1}", all, next))),
            .. undoing.EmailBack is null
                ? []
                : (Phrase[])["The change of your email address, which came after it, is undone as well."],
            "Unless you have just chosen it, the old password no longer works: whoever added this may know it. Choose "
                + "a new one with \"Forgot your password?\" on the sign-in page. If your authenticator app is still "
                + "there, make new recovery codes on your security page.",
        ]);

    /// <summary>What the link's fingerprint is of.</summary>
    private static string TextOf(AddedFactor factor) => $"{factor.Kind} {factor.Id}";

    private static string PasswordFingerprint(User user) => OneTimeLinks.FingerprintOf($"{user.PasswordId}");
}

/// <summary>Something that was added to an account lately.</summary>
/// <param name="RemoveLink">Removes it at once; null where only who is signed in may.</param>
internal sealed record RecentFactor(AddedFactor Factor, string? RemoveLink);
