using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Ends sessions before their time: here at once, elsewhere as soon as they look.</summary>
internal sealed class SessionEnder(
    Db db,
    OwnUserStore users,
    OwnerGuard guard,
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
    /// <returns>Why nothing changed; null where all have ended.</returns>
    public async Task<AuthError?> EndAllAsync(Session session, Client client, CancellationToken ct) =>
        (await EndAllAsync(session, AuditTypes.SignOutEverywhere, client, tellsVersion: false, ct)).Error;

    /// <summary>Every session of this person but this one, which goes on under the raised version.</summary>
    /// <returns>The person as they go on here.</returns>
    /// <remarks>
    /// By a raised version, not by one revocation for each device known: that list is a report, and what it does not
    /// know of must end as well.
    /// </remarks>
    public Task<Result<User>> EndOthersAsync(Session session, Client client, CancellationToken ct) =>
        EndAllAsync(session, AuditTypes.OthersSignedOut, client, tellsVersion: true, ct);

    /// <param name="tellsVersion">Whether the log says which version this session goes on under.</param>
    private async Task<Result<User>> EndAllAsync(
        Session session, string type, Client client, bool tellsVersion, CancellationToken ct)
    {
        Result<User> done = AuthErrors.Unauthorized;
        await raise.RunAsync(
            session.Version,
            async () =>
            {
                done = await guard.HoldAsync(session, ct);
                if (!done.Succeeded)
                    return null;
                var raised = await users.RaiseSessionVersionAsync(session.UserId, session.Version, ct)
                    ?? throw new InvalidOperationException("Somebody changed a person who was held.");
                done = raised;
                (string, string)[] details = tellsVersion ? [("version", $"{raised.SessionVersion}")] : [];
                await audit.RecordAsync(new AuditEvent(type, session.UserId, session.Id, client, details), ct);
                return raised;
            },
            ct);
        return done;
    }
}
