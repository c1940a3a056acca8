using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// What goes with somebody's row in <c>users</c>, in its transaction: what the log says of them, and what still waits
/// to be mailed. That an account was deleted stays, without the person.
/// </summary>
internal sealed class AccountErasure(AuditStore audit, Outbox outbox)
{
    private static readonly Client Nobody = new(null, null);

    public async Task EraseAsync(Guid userId, CancellationToken ct)
    {
        await audit.EraseAsync(userId, ct);
        await outbox.EraseAsync(userId, ct);
        await audit.RecordAsync(new AuditEvent(AuditTypes.AccountDeleted, null, null, Nobody), ct);
    }
}
