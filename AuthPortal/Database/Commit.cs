using Dapper;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>
/// Ends a transaction and knows how it ended. Where the answer to COMMIT is lost nobody can tell by it, but PostgreSQL
/// remembers, beyond a crash too: it is asked, on another connection, what became of the transaction.
/// </summary>
internal static class Commit
{
    // A transaction that wrote nothing has no number, and nothing that could be in doubt.
    private const string NumberSql = "select pg_current_xact_id_if_assigned()::text";

    private const string OutcomeSql = "select pg_xact_status(@number::xid8)";

    /// <param name="patience">How long to ask a database that is away.</param>
    /// <exception cref="DatabaseUnavailableException">Nothing was committed, or nobody was there to say so.</exception>
    public static async Task RunAsync(NpgsqlDataSource source, NpgsqlTransaction transaction, TimeSpan patience)
    {
        var db = transaction.Connection!;
        var number = await Outage.NamedAsync(
            source, () => db.ExecuteScalarAsync<string?>(NumberSql, transaction: transaction));
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception e) when (Outage.IsOutage(e))
        {
            if (number is null || !await IsCommittedAsync(source, number, patience))
                throw Outage.Broken(source, e);
        }
    }

    /// <param name="number">The transaction's <c>xid8</c>.</param>
    public static Task<bool> IsCommittedAsync(NpgsqlDataSource source, string number, TimeSpan patience) =>
        Outage.WaitOutAsync(source, patience, async limit =>
            await FindOutcomeAsync(source, number, limit).WaitAsync(limit) switch
            {
                "committed" => true,
                "aborted" => false,
                _ => throw new TimeoutException("The transaction has not ended"),   // so it is asked again
            }, CancellationToken.None);

    private static async Task<string?> FindOutcomeAsync(NpgsqlDataSource source, string number, CancellationToken ct)
    {
        await using var db = await source.OpenConnectionAsync(ct);
        try
        {
            return await db.ExecuteScalarAsync<string?>(OutcomeSql, new { number });
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return "aborted";   // in the future: this server took over from the one that knew of it
        }
    }
}
