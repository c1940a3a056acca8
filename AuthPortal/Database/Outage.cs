using System.Net.Sockets;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>What to do while PostgreSQL is away: restarting, waking up (Neon), failing over, or gone.</summary>
internal static class Outage
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Tries until it works or <paramref name="patience"/> ends; for what may happen twice.</summary>
    /// <exception cref="DatabaseUnavailableException">The patience ended.</exception>
    public static async Task<T> WaitOutAsync<T>(
        NpgsqlDataSource source, TimeSpan patience, Func<CancellationToken, Task<T>> attempt, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        Exception? cause = null;
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                return await attempt(limit.Token);
            }
            catch (Exception e) when (IsOutage(e) && !ct.IsCancellationRequested)
            {
                cause = e;
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw Unavailable(source, patience, cause ?? e);
            }

            try
            {
                // Half of the pause is random, so that a crowd of waiters does not return as a crowd.
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble() / 2), limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw Unavailable(source, patience, cause);
            }
        }
    }

    /// <summary>Tries once, and calls an outage by its name.</summary>
    public static async Task<T> NamedAsync<T>(NpgsqlDataSource source, Func<Task<T>> attempt)
    {
        try
        {
            return await attempt();
        }
        catch (Exception e) when (IsOutage(e))
        {
            throw Broken(source, e);
        }
    }

    public static DatabaseUnavailableException Broken(NpgsqlDataSource source, Exception cause) =>
        new($"{Describe(source)} did not carry out a statement{Reason(cause)}.", cause);

    public static bool IsOutage(Exception e) => e switch
    {
        // 57P01-3: an administrator stops it, it crashed, it is starting up or shutting down. 57P05, 25P03: a
        // connection that it ended for having idled. 57014: a statement that it ended for having taken too long.
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "57P05" or "25P03" or "57014" } => true,
        // It is there and takes no writes: a standby, or a disk that its owner saves from running full.
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        // A pooler says everything so: that it can't reach PostgreSQL, that the wait was too long, that it stops. But
        // what it will never take must not be waited for.
        PostgresException { SqlState: PostgresErrorCodes.ProtocolViolation } pooler =>
            !pooler.MessageText.StartsWith("unsupported startup parameter", StringComparison.Ordinal),
        // Two writers in each other's way are no outage; who may repeat such a write decides it above us.
        PostgresException { SqlState: "40001" or "40P01" } => false,
        // All others by Npgsql's list, a full disk (53100) and too many connections (53300) among them.
        NpgsqlException npgsql => npgsql.IsTransient,
        SocketException or TimeoutException => true,
        _ => false,
    };

    private static DatabaseUnavailableException Unavailable(
        NpgsqlDataSource source, TimeSpan patience, Exception cause) =>
        new($"{Describe(source)} did not answer within {patience.TotalSeconds:0.#} s{Reason(cause)}: "
            + "check that it runs and can be reached from here.", cause);

    private static string Reason(Exception cause) =>
        cause is OperationCanceledException ? ""
        : cause.GetBaseException() is PostgresException refusal ? $" ({refusal.SqlState}: {refusal.MessageText})"
        : $" ({cause.GetBaseException().Message.TrimEnd('.')})";

    // The data source's own connection string never holds the password.
    private static string Describe(NpgsqlDataSource source) => new DatabaseAddress(source.ConnectionString).ToString();
}
