using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Ends sessions before their time: here at once, elsewhere as soon as they look.</summary>
internal sealed class SessionEnder(
    Db db,
    OwnUserStore users,
    RevocationStore revocations,
    RevocationSet revoked,
    VersionRaise raise,
    AuditStore audit)
{
    /// <summary>This device's session alone.</summary>
    public async Task EndAsync(Session session, Client client, CancellationToken ct)
    {
        var ended = new Revocation(session.UserId, session.Id, null);
        await db.InTransactionAsync(
            async () =>
            {
                if (!await revocations.AddAsync(ended, session.End, ct))
                    return;
                db.AfterCommit(() => revoked.AddOwn(ended));
                await audit.RecordAsync(
                    new AuditEvent(AuditTypes.SignOut, session.UserId, session.Id, client), ct);
            },
            ct);
        revoked.Add(ended);
    }

    /// <summary>Every session of this person, this one included.</summary>
    /// <returns>False when the session no longer counted, so that nothing changed.</returns>
    public async Task<bool> EndAllAsync(Session session, Client client, CancellationToken ct)
    {
        var user = await raise.RunAsync(
            session.Version,
            async () =>
            {
                var after = await users.RaiseSessionVersionAsync(session.UserId, session.Version, ct);
                if (after is not null)
                {
                    await audit.RecordAsync(
                        new AuditEvent(AuditTypes.SignOutEverywhere, session.UserId, session.Id, client), ct);
                }

                return after;
            },
            ct);
        return user is not null;
    }
}
