using AuthPortal.Audit;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailChange;

/// <summary>Tells of a change of address, within its transaction.</summary>
internal sealed class EmailChangeNews(AddressUndo undo, SecurityNotices notices)
{
    /// <summary>To the old address, with the way back.</summary>
    public Task ChangedAsync(User older, User user, Client client, CancellationToken ct) => notices.TellAsync(
        new AuditEvent(AuditTypes.EmailChanged, user.Id, null, client),
        older,
        EmailChangeLetters.Changed(undo.LinkFor(user, older.Email)),
        ct);

    public Task UndoneAsync(User user, Client client, CancellationToken ct) => notices.TellAsync(
        new AuditEvent(AuditTypes.EmailChangeUndone, user.Id, null, client), user, EmailChangeLetters.Undone, ct);
}
