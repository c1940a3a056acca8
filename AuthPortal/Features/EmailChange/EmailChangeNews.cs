using AuthPortal.Audit;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailChange;

/// <summary>Tells of a change of address, within its transaction.</summary>
internal sealed class EmailChangeNews(OneTimeLinks links, SecurityNotices notices, TimeProvider clock)
{
    private static readonly TimeSpan UndoLifetime = TimeSpan.FromHours(72);

    /// <summary>A change up to then can no longer be undone.</summary>
    public DateTimeOffset Settled => clock.GetUtcNow() - UndoLifetime;

    /// <summary>To the old address, with the way back.</summary>
    public Task ChangedAsync(User older, User user, Client client, CancellationToken ct)
    {
        var token = links.Make(
            TokenKind.EmailChangeUndo, user.Id, user.EmailCanonical, UndoLifetime, older.Email);
        var letter = EmailChangeLetters.Changed(links.AddressOf("/undo-email-change", token));
        return notices.TellAsync(new AuditEvent(AuditTypes.EmailChanged, user.Id, null, client), older, letter, ct);
    }

    public Task UndoneAsync(User user, Client client, CancellationToken ct) => notices.TellAsync(
        new AuditEvent(AuditTypes.EmailChangeUndone, user.Id, null, client), user, EmailChangeLetters.Undone, ct);
}
