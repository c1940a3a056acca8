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
    // By indexes alone, however much the caller has had written into the log: of their sign-ins those that end last
    // ("end" is text that sorts by time), and of each the highest version that an event of it names: it may go on under
    // one raised by its own change. "offset 0" keeps PostgreSQL from reading whole tables to look up a thousand rows.
    private const string ListSql = """
        with sign_in as materialized (
            select seq, user_id, sid, ip, user_agent, details
              from audit_details
             where user_id = @caller and (details ->> 'end') collate "C" > @now
             order by (details ->> 'end') collate "C" desc
             limit 1000
        )
        select sign_in.sid,
               event.at as signed_in_at,
               greatest(event.at, sighting.seen_at) as last_seen_at,
               (sign_in.details ->> 'end')::timestamptz as ends_at,
               coalesce(sign_in.details ->> 'remembered' = 'true', false) as remembered,
               sign_in.ip,
               sign_in.user_agent
          from sign_in
          join lateral (
               select (details ->> 'version')::int as version
                 from audit_details
                where sid = sign_in.sid and (details ->> 'version') is not null
                order by (details ->> 'version')::int desc
                limit 1
               ) as latest on true
          join users on users.id = sign_in.user_id and users.session_version = latest.version
          join lateral (select at, type from audit_events where seq = sign_in.seq offset 0) as event on true
          left join session_sightings as sighting on sighting.sid = sign_in.sid
         where event.type = 'sign-in'
           and not exists (select 1 from revocations where revocations.sid = sign_in.sid offset 0)
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
