using AuthPortal.Tokens;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>The way back for the mailbox before a change of address: its link, and what the link's use does.</summary>
internal sealed class AddressUndo(
    OneTimeLinks links, OwnUserStore users, WaysIn ways, AccountErasure erasure, TimeProvider clock)
{
    /// <param name="changed">The person under the new address.</param>
    /// <param name="before">The address that the account comes back to.</param>
    public string LinkFor(User changed, string before)
    {
        var left = (changed.EmailChangedAt ?? clock.GetUtcNow()) + UndoWindow.Length - clock.GetUtcNow();
        var token = links.Make(TokenKind.EmailChangeUndo, changed.Id, changed.EmailCanonical, left, before);
        return links.AddressOf("/undo-email-change", token);
    }

    /// <summary>
    /// Gives the account its address back, in the caller's transaction; whoever sits on that address unconfirmed goes.
    /// What was added since shortly before the change was asked for goes too. What is older was there before whoever
    /// changed the address, and is no more theirs than before: the old mailbox alone must not get past it.
    /// Where nobody had confirmed the address before it was changed, it was perhaps never its owner who used the
    /// account: as after the reset of an unconfirmed one, every way in ends, however old.
    /// </summary>
    /// <param name="fingerprint">Of the address that was changed to.</param>
    /// <returns>
    /// The person, every session ended; null where the fingerprint no longer fits, or nothing can be undone any more.
    /// </returns>
    public async Task<User?> MoveBackAsync(Guid id, string fingerprint, EmailAddress email, CancellationToken ct)
    {
        if (await users.FindChangeAsync(id, ct) is not { } change)
            return null;
        await erasure.DisplaceAsync(id, fingerprint, email, ct);
        var user = await users.UndoEmailChangeAsync(id, fingerprint, email, ct);
        if (user is null)
            return null;
        if (change.EmailBeforeConfirmed)
            await ways.EndAsync(user, change.AskedAt - UndoWindow.Shortly, ct);
        else
            await ways.EndAllAsync(user, ct);
        return user;
    }
}
