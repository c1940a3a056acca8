namespace AuthPortal.Database;

/// <summary>What the server says of itself and of this connection.</summary>
/// <param name="Now">Its clock, after it was asked and before it answered.</param>
/// <param name="Encrypted">Whether this connection to it is; a pooler between has its own.</param>
internal sealed record DatabaseFacts(DateTimeOffset Now, string Version, bool Encrypted)
{
    private const string Sql = """
        select clock_timestamp() as now,
               current_setting('server_version') as version,
               coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted
        """;

    public static async Task<DatabaseFacts> ReadAsync(Db db, TimeSpan patience, CancellationToken ct) =>
        (await db.FindAsync<DatabaseFacts>(Sql, new { }, patience, ct))!;
}
