using AuthPortal.Database;
using AuthPortal.Web;

namespace AuthPortal.Features.Devices;

/// <summary>A session that has not ended, as its sign-in tells.</summary>
/// <param name="LastSeenAt">Its last renewal: in use, it is renewed every ten minutes or so.</param>
internal sealed record Device(
    Guid Sid,
    DateTimeOffset SignedInAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset EndsAt,
    bool Remembered,
    string? Ip,
    string? UserAgent);

/// <summary>
/// A report over tables that others own: the sign-ins in the log with their last renewal, less what was revoked, is
/// under an older version or has run out. Nothing is ever authenticated by it.
/// </summary>
internal sealed class DeviceStore(Db db)
{
    // A session may go on under a version raised by its own change: the last event that names one tells which. One
    // pass over what happened since the oldest sign-in that still counts; "end" is text that sorts by time.
    // Materialized: for a plain min() PostgreSQL may walk everybody's events, oldest first.
    private const string ListSql = """
        with living as materialized (
            select seq from audit_details where user_id = @caller and (details ->> 'end') collate "C" > @now
        )
        select sign_in.sid,
               event.at as signed_in_at,
               greatest(event.at, sighting.seen_at) as last_seen_at,
               (sign_in.details ->> 'end')::timestamptz as ends_at,
               coalesce(sign_in.details ->> 'remembered' = 'true', false) as remembered,
               sign_in.ip,
               sign_in.user_agent
          from (
               select seq, user_id, sid, ip, user_agent, details,
                      max((details ->> 'version')::int) over (partition by sid) as version
                 from audit_details
                where user_id = @caller and seq >= (select min(seq) from living)
               ) as sign_in
          join users on users.id = sign_in.user_id and users.session_version = sign_in.version
          join audit_events as event using (seq)
          left join session_sightings as sighting on sighting.sid = sign_in.sid
         where event.type = 'sign-in'
           and (sign_in.details ->> 'end') collate "C" > @now
           and not exists (select 1 from revocations where revocations.sid = sign_in.sid)
         order by last_seen_at desc, seq desc
         limit 100
        """;

    public Task<IReadOnlyList<Device>> ListAsync(Guid caller, DateTimeOffset now, CancellationToken ct) =>
        db.ListAsync<Device>(ListSql, new { caller, now = PortalJson.Date(now) }, ct);

    private const string EndSql = """
        insert into revocations (id, kind, user_id, sid, expires_at)
        select @id, 'session', @caller, @sid, (details ->> 'end')::timestamptz
          from audit_details
          join audit_events using (seq)
         where user_id = @caller
           and sid = @sid
           and type = 'sign-in'
           and exists (
               select 1 from users where id = @caller and session_version = @version and disabled_at is null)
        on conflict (sid) do nothing
        """;

    /// <returns>False where it is none of the caller's, or has ended already.</returns>
    public async Task<bool> EndAsync(Guid caller, int version, Guid sid, CancellationToken ct) =>
        await db.ExecuteAsync(EndSql, new { id = Guid.CreateVersion7(), caller, version, sid }, ct) == 1;
}
