using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Ends sessions before their time: here at once, elsewhere as soon as they look.</summary>
internal sealed class SessionEnder(
    Db db, UserStore users, RevocationStore revocations, RevocationSet revoked, AuditStore audit)
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
        Revocation? ended = null;
        await db.InTransactionAsync(
            async () =>
            {
                if (await users.RaiseSessionVersionAsync(session.UserId, session.Version, ct) is not { } version)
                    return;
                ended = new Revocation(session.UserId, null, version);
                await revocations.AddAsync(ended, session.End, ct);
                await audit.RecordAsync(
                    new AuditEvent(AuditTypes.SignOutEverywhere, session.UserId, session.Id, client), ct);
            },
            ct);
        if (ended is not null)
            revoked.Add(ended);
        return ended is not null;
    }
}
