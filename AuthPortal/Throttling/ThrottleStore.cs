using AuthPortal.Database;

namespace AuthPortal.Throttling;

/// <summary>Owns <c>throttle</c>: for each subject the one time that GCRA needs.</summary>
internal sealed class ThrottleStore(Db db)
{
    // All or nothing. Rows are locked by nothing but the insert, in the order of their keys, whether they are there or
    // not: so no two wait for each other. Of what others do meanwhile the condition of the update decides; then one
    // that is refused has taken from other rules in vain, which is told, to be given back.
    private const string TakeSql = """
        with clock as (
            select coalesce(@now::timestamptz, now()) as now
        ), asked as (
            select key, every, tolerance, now
              from unnest(@keys::bytea[], @everies::interval[], @tolerances::interval[])
                   as asked (key, every, tolerance), clock
        ), held as (
            select key, tat from throttle where key = any(@keys::bytea[])
        ), exhausted as (
            select key, tat - tolerance - now as wait
              from asked join held using (key)
             where tat > now + tolerance
        ), taken as (
            insert into throttle as mine (key, tat)
            select key, now + every from asked where not exists (select from exhausted) order by key
            on conflict (key) do update
               set tat = excluded.tat + greatest(mine.tat - (select now from clock), '0')
             where mine.tat <= (select now + tolerance from asked where asked.key = excluded.key)
            returning mine.key
        )
        select key, wait, array(select key from taken) as in_vain
          from (select key, wait from exhausted
                 union all
                select key, every from asked
                 where not exists (select from exhausted) and key not in (select key from taken)) as refused
         order by wait desc
         limit 1
        """;

    /// <param name="quotas">Each subject's keyed digest with its rule.</param>
    /// <param name="now">Null for the database's own time.</param>
    /// <returns>Null where all were taken; else which one to wait longest for.</returns>
    public Task<Refused?> TakeAsync(
        IReadOnlyCollection<(byte[] Key, ThrottleRule Rule)> quotas, DateTimeOffset? now, CancellationToken ct)
    {
        var asked = new
        {
            keys = quotas.Select(q => q.Key).ToArray(),
            everies = quotas.Select(q => q.Rule.Every).ToArray(),
            tolerances = quotas.Select(q => q.Rule.Tolerance).ToArray(),
            now,
        };
        return db.FindAsync<Refused>(TakeSql, asked, ct);
    }

    /// <param name="InVain">The keys, each a <c>byte[]</c>, of what was taken all the same.</param>
    public sealed record Refused(byte[] Key, TimeSpan Wait, Array InVain);

    private const string GiveBackSql = """
        update throttle
           set tat = tat - given.every
          from (select key, every
                  from throttle join unnest(@keys::bytea[], @everies::interval[]) as given (key, every) using (key)
                 order by key
                   for update of throttle) as given
         where throttle.key = given.key
        """;

    public Task GiveBackAsync(IReadOnlyCollection<(byte[] Key, ThrottleRule Rule)> quotas, CancellationToken ct) =>
        db.ExecuteAsync(
            GiveBackSql,
            new { keys = quotas.Select(q => q.Key).ToArray(), everies = quotas.Select(q => q.Rule.Every).ToArray() },
            ct);

    // Those that somebody holds are taken from just now, and not past for long.
    private const string DeletePastSql = """
        delete from throttle
         where key in (select key
                         from throttle
                        where tat < coalesce(@now::timestamptz, now())
                          for update skip locked)
        """;

    /// <inheritdoc cref="TakeAsync"/>
    public Task DeletePastAsync(DateTimeOffset? now, CancellationToken ct) =>
        db.ExecuteAsync(DeletePastSql, new { now }, ct);
}
