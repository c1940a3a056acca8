using Dapper;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>Something about a database that would fail people later, with the SQL that mends it.</summary>
/// <param name="IsRefused">Whether the portal does not start on it; else it is a warning of <c>doctor</c>'s.</param>
internal sealed record DatabaseFlaw(string Sentence, bool IsRefused);

/// <summary>
/// What the portal takes for granted of its database, asked at every start, by <c>migrate</c> and by <c>doctor</c>.
/// </summary>
internal static class DatabaseFitness
{
    private const int OldestVersion = 130000; // of server_version_num

    private const string FactsSql = """
        select current_database() as database,
               current_user as role,
               current_schema() as schema,
               current_setting('server_version') as version,
               current_setting('server_version_num')::int as "VersionNumber",
               current_setting('server_encoding') as encoding,
               current_setting('default_transaction_isolation') as isolation,
               current_setting('transaction_read_only')::bool as "IsReadOnly",
               current_setting('synchronous_commit') <> 'off' as "KeepsWhatItConfirms",
               coalesce(has_schema_privilege(current_schema(), 'usage'), false) as "MayUseSchema"
        """;

    // What a logical copy leaves behind (PostgreSQL manual, "Logical Replication: Restrictions"), of those sequences
    // that this role may read.
    private const string BehindSql = """
        select "table", "column", name, most
          from (values ('audit_events', 'seq', (select max(seq) from audit_events)),
                       ('schema_versions', 'schemaversionsid', (select max(schemaversionsid) from schema_versions)))
               as used ("table", "column", most),
               pg_get_serial_sequence("table", "column") as name
          join pg_sequences on format('%I.%I', schemaname, sequencename) = name
         where has_sequence_privilege(name, 'select, usage') and most > coalesce(last_value, 0)
        """;

    private const string MoveSql = "select setval(@Name::regclass, @Most)";

    private sealed record Facts(
        string Database,
        string Role,
        string? Schema,
        string Version,
        int VersionNumber,
        string Encoding,
        string Isolation,
        bool IsReadOnly,
        bool KeepsWhatItConfirms,
        bool MayUseSchema);

    private sealed record Behind(string Table, string Column, string Name, long Most);

    /// <summary>Before any table is looked at: an empty database is asked the same.</summary>
    public static async Task<IReadOnlyList<DatabaseFlaw>> JudgeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var facts = await connection.QuerySingleAsync<Facts>(new CommandDefinition(FactsSql, cancellationToken: ct));
        return [.. FlawsOf(facts)];
    }

    /// <summary>Once the tables are there: numbers that the database gives out must not be used already.</summary>
    /// <param name="mend">Whether those that this role may move are moved.</param>
    /// <returns>Those that are behind still.</returns>
    public static async Task<IReadOnlyList<DatabaseFlaw>> JudgeSequencesAsync(
        NpgsqlConnection connection, bool mend, CancellationToken ct)
    {
        var flaws = new List<DatabaseFlaw>();
        var all = await connection.QueryAsync<Behind>(new CommandDefinition(BehindSql, cancellationToken: ct));
        foreach (var behind in all)
        {
            if (!mend || !await TryMoveAsync(connection, behind, ct))
            {
                flaws.Add(new DatabaseFlaw(
                    $"its sequence {behind.Name} is behind the rows of {behind.Table}, as after a logical copy, and "
                    + $"every sign-in would fail. As the owner: SELECT setval('{behind.Name}', max({behind.Column})) "
                    + $"FROM {behind.Table};",
                    IsRefused: true));
            }
        }

        return flaws;
    }

    private static async Task<bool> TryMoveAsync(NpgsqlConnection connection, Behind behind, CancellationToken ct)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(MoveSql, behind, cancellationToken: ct));
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static IEnumerable<DatabaseFlaw> FlawsOf(Facts facts)
    {
        if (facts.VersionNumber < OldestVersion)
            yield return Refused($"it is PostgreSQL {facts.Version}, and the portal needs 13 or newer.");
        if (facts.Encoding != "UTF8")
        {
            yield return Refused(
                $"its encoding is {facts.Encoding}, which has no letters for most people's names. Use another: "
                + "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0;");
        }

        if (facts.Isolation != "read committed")
        {
            yield return Refused(
                $"its transactions are \"{facts.Isolation}\" by default, and would fail where two people meet: "
                + $"ALTER ROLE {facts.Role} SET default_transaction_isolation = 'read committed';");
        }

        if (facts.Schema is null || !facts.MayUseSchema)
        {
            yield return Refused(
                $"{facts.Role} has no schema to keep tables in: GRANT USAGE, CREATE ON SCHEMA public TO {facts.Role}; "
                + $"or name another: ALTER ROLE {facts.Role} SET search_path = its_name;");
        }

        if (facts.IsReadOnly)
        {
            yield return new DatabaseFlaw(
                "it takes no writes now: nobody can sign in until it does.", IsRefused: false);
        }

        if (!facts.KeepsWhatItConfirms)
        {
            yield return new DatabaseFlaw(
                "it confirms what a crash may lose (synchronous_commit = off): "
                + $"ALTER ROLE {facts.Role} SET synchronous_commit = 'on';",
                IsRefused: false);
        }
    }

    private static DatabaseFlaw Refused(string sentence) => new(sentence, IsRefused: true);
}
