using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>
/// What a person must hear of: into the log and into their mailbox, in the transaction of what it tells.
/// </summary>
internal sealed class SecurityNotices(AuditStore audit, Outbox outbox)
{
    public async Task TellAsync(AuditEvent happened, User user, Letter letter, CancellationToken ct)
    {
        await audit.RecordAsync(happened, ct);
        await outbox.AddAsync(user.Email, user.Profile.DisplayName, letter, user.Id, ct);
    }
}
