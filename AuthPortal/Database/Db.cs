using System.Data;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>
/// Dapper over the pool. Each call borrows a connection and gives it straight back, so none is held while a
/// password hashes; inside <see cref="InTransactionAsync"/> every store in the scope shares the one transaction.
/// <para>
/// While PostgreSQL is away, opening a connection is tried again, and so is a read: a statement that begins with
/// <c>select</c>. Everything else (<c>insert … returning</c> too) is a write and runs once, since nobody can tell
/// whether a lost answer meant a lost write. Who runs out of patience gets a
/// <see cref="DatabaseUnavailableException"/>.
/// </para>
/// <para>
/// A running statement is never cancelled, only left behind: Npgsql's cancel request blocks its thread for twice
/// <c>Timeout</c> while the server is frozen or unreachable. <c>Command Timeout</c> ends it.
/// </para>
/// </summary>
internal sealed class Db(NpgsqlDataSource source, IOptions<DatabaseOptions> options, Pulse pulse)
{
    /// <summary>Not work, only a question whether somebody is there; whoever counts statements leaves it out.</summary>
    public const string PulseSql = "select 1 -- pulse";

    private readonly TimeSpan _patience = options.Value.ConnectTimeout;

    private readonly List<Action> _afterCommit = [];

    private NpgsqlTransaction? _transaction;

    /// <returns>The one row, or the type's default when there is none.</returns>
    public Task<T?> FindAsync<T>(string sql, object args, CancellationToken ct) =>
        FindAsync<T>(sql, args, null, ct);

    /// <param name="patience">How long to wait for a database that is away; null for the usual time.</param>
    public Task<T?> FindAsync<T>(string sql, object args, TimeSpan? patience, CancellationToken ct) =>
        UseAsync(sql, args, (db, command) => db.QuerySingleOrDefaultAsync<T>(command), patience ?? _patience, ct);

    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, object args, CancellationToken ct) =>
        ListAsync<T>(sql, args, null, ct);

    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, object args, TimeSpan? patience, CancellationToken ct) =>
        UseAsync<IReadOnlyList<T>>(
            sql, args, async (db, command) => (await db.QueryAsync<T>(command)).AsList(), patience ?? _patience, ct);

    /// <returns>How many rows the statement touched.</returns>
    public Task<int> ExecuteAsync(string sql, object args, CancellationToken ct) =>
        UseAsync(sql, args, (db, command) => db.ExecuteAsync(command), _patience, ct);

    /// <summary>
    /// All of <paramref name="work"/>'s writes, or none; that they are made is known even where the answer is lost.
    /// </summary>
    public Task InTransactionAsync(Func<Task> work, CancellationToken ct) =>
        TransactAsync(IsolationLevel.ReadCommitted, work, ct);

    /// <summary>All of <paramref name="work"/>'s reads see the database as it was at the first of them.</summary>
    public Task InSnapshotAsync(Func<Task> work, CancellationToken ct) =>
        TransactAsync(IsolationLevel.RepeatableRead, work, ct);

    private async Task TransactAsync(IsolationLevel isolation, Func<Task> work, CancellationToken ct)
    {
        if (_transaction is not null)
            throw new InvalidOperationException("Transactions do not nest.");

        await using var db = await OpenAsync(_patience, ct);
        await using var transaction = await db.BeginTransactionAsync(isolation, ct);
        _transaction = transaction;
        try
        {
            await work();
            await Commit.RunAsync(source, transaction, _patience);
            pulse.Felt();
            _afterCommit.ForEach(act => act());
        }
        finally
        {
            _transaction = null;
            _afterCommit.Clear();
        }
    }

    /// <summary>Once others can see what was written: after the transaction, or at once where there is none.</summary>
    public void AfterCommit(Action act)
    {
        if (_transaction is null)
            act();
        else
            _afterCommit.Add(act);
    }

    private async Task<T> UseAsync<T>(
        string sql, object args, Func<NpgsqlConnection, CommandDefinition, Task<T>> use, TimeSpan patience,
        CancellationToken ct)
    {
        var command = new CommandDefinition(sql, args, _transaction);
        if (_transaction is { Connection: { } shared })
            return await Outage.NamedAsync(source, () => use(shared, command));

        T answer;
        if (IsRead(sql))
        {
            answer = await Outage.WaitOutAsync(
                source, patience, limit => ReadAsync(command, use, limit).WaitAsync(limit), ct);
        }
        else
        {
            await using var db = await OpenAsync(patience, ct);
            answer = await Outage.NamedAsync(source, () => use(db, command));
        }

        pulse.Felt();
        return answer;
    }

    private async Task<T> ReadAsync<T>(
        CommandDefinition command, Func<NpgsqlConnection, CommandDefinition, Task<T>> use, CancellationToken ct)
    {
        await using var db = await source.OpenConnectionAsync(ct);
        return await use(db, command);
    }

    /// <summary>For writing: so a read has to find out whether the server restarted behind the pool's back.</summary>
    private async Task<NpgsqlConnection> OpenAsync(TimeSpan patience, CancellationToken ct)
    {
        if (pulse.IsOld)
            await FindAsync<int>(PulseSql, new { }, patience, ct);
        return await Outage.WaitOutAsync(source, patience, limit => source.OpenConnectionAsync(limit).AsTask(), ct);
    }

    private static bool IsRead(string sql) =>
        sql.AsSpan().TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase);
}
