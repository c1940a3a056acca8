using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Tokens;
using AuthPortal.Web;

namespace AuthPortal.Features.Devices;

/// <summary>Where a person is signed in, and how they end it from afar.</summary>
internal sealed class DeviceService(
    Db db,
    DeviceStore devices,
    SessionEnder ender,
    OwnerGuard guard,
    RevocationSet revoked,
    AuditStore audit,
    TimeProvider clock)
{
    /// <returns>The caller's own device first, seen now, be it in the log or not; then the last seen first.</returns>
    public async Task<IReadOnlyList<Device>> ListAsync(CurrentUser caller, Client client, CancellationToken ct)
    {
        var session = caller.Session;
        var now = clock.GetUtcNow();
        var known = await devices.ListAsync(caller.Id, now, ct);
        var own = known.FirstOrDefault(device => device.Sid == session.Id) ?? new Device(
            session.Id,
            session.AuthTime,
            now,
            session.End,
            Remembered: false,
            client.Address?.ToString(),
            client.UserAgent);
        return [own with { LastSeenAt = now }, .. known.Where(device => device.Sid != session.Id)];
    }

    /// <summary>Another person's session, or none at all, is left alone without a word.</summary>
    /// <returns>Why it does not end; null where it has, or was none of the caller's.</returns>
    public async Task<AuthError?> EndAsync(CurrentUser caller, Guid sid, Client client, CancellationToken ct)
    {
        if (sid == caller.Session.Id)
        {
            await ender.EndAsync(caller.Session, client, ct);
            return null;
        }

        AuthError? refusal = null;
        await db.InTransactionAsync(
            async () =>
            {
                refusal = (await guard.HoldAsync(caller.Session, ct)).Error;
                if (refusal is not null || !await devices.EndAsync(caller.Id, caller.Session.Version, sid, ct))
                    return;
                await audit.RecordAsync(new AuditEvent(AuditTypes.DeviceSignedOut, caller.Id, sid, client), ct);
                db.AfterCommit(() => revoked.AddOwn(new Revocation(caller.Id, sid, null)));
            },
            ct);
        return refusal;
    }
}
