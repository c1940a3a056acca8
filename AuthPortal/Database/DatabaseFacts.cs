using System.Globalization;

namespace AuthPortal.Database;

/// <summary>What the server says of itself and of this connection, and what our clock says to that.</summary>
/// <param name="Now">Its clock, after it was asked and before it answered.</param>
/// <param name="Encrypted">Whether this connection to it is; a pooler between has its own.</param>
internal sealed record DatabaseFacts(DateTimeOffset Now, string Version, bool Encrypted)
{
    private const string Sql = """
        select clock_timestamp() as now,
               current_setting('server_version') as version,
               coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as encrypted
        """;

    /// <summary>How far this machine's clock is ahead of the server's; negative where it is behind.</summary>
    public TimeSpan Ahead { get; private init; }

    /// <summary>How long asking took: by half of it <see cref="Ahead"/> may be wrong.</summary>
    public TimeSpan Took { get; private init; }

    public string ClockInWords => string.Create(
        CultureInfo.InvariantCulture,
        $"{Math.Abs(Ahead.TotalSeconds):0.0} s {(Ahead < TimeSpan.Zero ? "behind" : "ahead of")} the database's, "
        + $"asked within {Took.TotalSeconds:0.0} s");

    public static async Task<DatabaseFacts> ReadAsync(
        Db db, TimeProvider clock, TimeSpan patience, CancellationToken ct)
    {
        // How long it took is a timestamp's to say: the clock itself is on trial.
        var (before, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        var facts = (await db.FindAsync<DatabaseFacts>(Sql, new { }, patience, ct))!;
        var took = clock.GetElapsedTime(started);
        return facts with { Ahead = before + (took / 2) - facts.Now, Took = took };
    }
}
