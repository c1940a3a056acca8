using AuthPortal.Tokens;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>The link by which the mailbox before a change of address takes the account back.</summary>
internal sealed class AddressUndo(OneTimeLinks links, TimeProvider clock)
{
    /// <param name="changed">The person under the new address.</param>
    /// <param name="before">The address that the account comes back to.</param>
    public string LinkFor(User changed, string before)
    {
        var left = (changed.EmailChangedAt ?? clock.GetUtcNow()) + UndoWindow.Length - clock.GetUtcNow();
        var token = links.Make(TokenKind.EmailChangeUndo, changed.Id, changed.EmailCanonical, left, before);
        return links.AddressOf("/undo-email-change", token);
    }
}
