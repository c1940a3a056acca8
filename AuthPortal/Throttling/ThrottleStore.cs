using AuthPortal.Database;

namespace AuthPortal.Throttling;

/// <summary>Owns <c>throttle</c>: for each subject the one time that GCRA needs.</summary>
internal sealed class ThrottleStore(Db db)
{
    private const string TakeSql = """
        insert into throttle as held (key, tat)
        values (@key, @now::timestamptz + @every::interval)
        on conflict (key) do update
           set tat = greatest(held.tat, @now::timestamptz) + @every::interval
         where held.tat <= @now::timestamptz + @tolerance::interval
        """;

    /// <returns>False where there is nothing left to take; then nothing is written either.</returns>
    public async Task<bool> TakeAsync(
        byte[] key, TimeSpan every, TimeSpan tolerance, DateTimeOffset now, CancellationToken ct) =>
        await db.ExecuteAsync(TakeSql, new { key, every, tolerance, now }, ct) == 1;

    private const string GiveBackSql = "update throttle set tat = tat - @every::interval where key = @key";

    public Task GiveBackAsync(byte[] key, TimeSpan every, CancellationToken ct) =>
        db.ExecuteAsync(GiveBackSql, new { key, every }, ct);

    private const string FindSql = "select tat from throttle where key = @key";

    public Task<DateTimeOffset?> FindAsync(byte[] key, CancellationToken ct) =>
        db.FindAsync<DateTimeOffset?>(FindSql, new { key }, ct);

    private const string DeletePastSql = "delete from throttle where tat < @now";

    public Task DeletePastAsync(DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(DeletePastSql, new { now }, ct);
}
