using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Devices;

/// <summary>Where a person is signed in, and how they end it from afar.</summary>
internal sealed class DeviceService(DeviceStore devices, SessionEnder ender, DeviceEnding ending, TimeProvider clock)
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

    /// <summary>Another's session, or none at all, is left alone without a word.</summary>
    public Task EndAsync(CurrentUser caller, Guid sid, Client client, CancellationToken ct) =>
        sid == caller.Session.Id
            ? ender.EndAsync(caller.Session, client, ct)
            : ending.EndAsync(caller, sid, client, ct);

    /// <returns>The person as they go on here; null when the session no longer counted.</returns>
    public Task<User?> EndOthersAsync(CurrentUser caller, Client client, CancellationToken ct) =>
        ending.EndOthersAsync(caller, client, ct);
}

/// <summary>The writing half: the end of sessions on other devices, each with its event.</summary>
internal sealed class DeviceEnding(
    Db db, DeviceStore devices, OwnUserStore users, VersionRaise raise, SessionEvents events)
{
    public Task EndAsync(CurrentUser caller, Guid sid, Client client, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                if (await devices.EndAsync(caller.Id, caller.Session.Version, sid, ct))
                    await events.EndedAsync(caller, sid, client, ct);
            },
            ct);

    /// <summary>
    /// By a raised version, not by one revocation for each device known: the log is a report, and what it does not
    /// know of must end as well.
    /// </summary>
    public Task<User?> EndOthersAsync(CurrentUser caller, Client client, CancellationToken ct) => raise.RunAsync(
        caller.Session.Version,
        async () =>
        {
            var user = await users.RaiseSessionVersionAsync(caller.Id, caller.Session.Version, ct);
            if (user is not null)
                await events.OthersEndedAsync(caller, user.SessionVersion, client, ct);
            return user;
        },
        ct);
}

/// <summary>Tells the log, and the tokens' judges here at once.</summary>
internal sealed class SessionEvents(Db db, AuditStore audit, RevocationSet revoked)
{
    public async Task EndedAsync(CurrentUser caller, Guid sid, Client client, CancellationToken ct)
    {
        await audit.RecordAsync(new AuditEvent(AuditTypes.DeviceSignedOut, caller.Id, sid, client), ct);
        db.AfterCommit(() => revoked.AddOwn(new Revocation(caller.Id, sid, null)));
    }

    public Task OthersEndedAsync(CurrentUser caller, int version, Client client, CancellationToken ct) =>
        audit.RecordAsync(
            new AuditEvent(
                AuditTypes.OthersSignedOut, caller.Id, caller.Session.Id, client, ("version", $"{version}")),
            ct);
}
