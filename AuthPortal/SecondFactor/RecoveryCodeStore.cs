using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

/// <summary>Owns <c>recovery_codes</c>, which holds no code but what proves one.</summary>
internal sealed class RecoveryCodeStore(Db db, TimeProvider clock)
{
    private const string ReplaceSql = $"""
        with gone as (
            delete from recovery_codes where user_id = @caller and {UserStore.CallerCounts}
        )
        insert into recovery_codes (id, user_id, code_hash, created_at)
        select id, @caller::uuid, code_hash, @at::timestamptz
          from unnest(@ids::uuid[], @hashes::bytea[]) as made (id, code_hash)
         where {UserStore.CallerCounts}
        """;

    /// <summary>
    /// These in place of all there are. Two at once would each leave theirs: for a transaction that holds the person.
    /// </summary>
    public Task ReplaceAsync(
        User user, IReadOnlyCollection<byte[]> hashes, DateTimeOffset at, CancellationToken ct) => db.ExecuteAsync(
        ReplaceSql,
        new
        {
            caller = user.Id,
            version = user.SessionVersion,
            ids = hashes.Select(_ => Guid.CreateVersion7()).ToArray(),
            hashes = hashes.ToArray(),
            at,
        },
        ct);

    private const string UseSql = $"""
        update recovery_codes
           set used_at = @at
         where user_id = @caller and code_hash = any(@hashes) and used_at is null and {UserStore.CallerCounts}
        """;

    /// <param name="hashes">Of the one code, by each secret that is listed.</param>
    /// <returns>False where it was used before, or never was.</returns>
    public async Task<bool> UseAsync(User user, byte[][] hashes, CancellationToken ct) =>
        await db.ExecuteAsync(
            UseSql, new { caller = user.Id, version = user.SessionVersion, hashes, at = clock.GetUtcNow() }, ct) > 0;

    private const string CountLeftSql =
        "select count(*)::int from recovery_codes where user_id = @caller and used_at is null";

    public Task<int> CountLeftAsync(Guid caller, CancellationToken ct) =>
        db.FindAsync<int>(CountLeftSql, new { caller }, ct);
}
