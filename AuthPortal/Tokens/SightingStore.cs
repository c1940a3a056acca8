using AuthPortal.Database;

namespace AuthPortal.Tokens;

/// <summary>A session that was renewed.</summary>
/// <param name="End">The session's.</param>
internal sealed record Sighting(Guid Sid, Guid UserId, DateTimeOffset SeenAt, DateTimeOffset End);

/// <summary>Owns <c>session_sightings</c>: a report that no session depends on.</summary>
internal sealed class SightingStore(Db db)
{
    // Of somebody who is gone nothing is kept. The lock makes an erasure wait for this, or this for it.
    private const string AddSql = """
        insert into session_sightings (sid, user_id, seen_at, expires_at)
        select seen.sid, seen.user_id, seen.at, seen.expires_at
          from unnest(@sids::uuid[], @people::uuid[], @times::timestamptz[], @ends::timestamptz[])
               as seen (sid, user_id, at, expires_at)
          join users on users.id = seen.user_id
         order by seen.sid
           for key share of users
            on conflict (sid) do update
           set seen_at = greatest(session_sightings.seen_at, excluded.seen_at)
        """;

    /// <summary>All in one statement; of several instances' times the latest stays.</summary>
    public Task AddAsync(IReadOnlyCollection<Sighting> seen, CancellationToken ct) => db.ExecuteAsync(
        AddSql,
        new
        {
            sids = seen.Select(s => s.Sid).ToArray(),
            people = seen.Select(s => s.UserId).ToArray(),
            times = seen.Select(s => s.SeenAt).ToArray(),
            ends = seen.Select(s => s.End).ToArray(),
        },
        ct);

    private const string DeleteExpiredSql = "delete from session_sightings where expires_at < @now";

    public Task DeleteExpiredAsync(DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(DeleteExpiredSql, new { now }, ct);
}
