using System.Reflection;
using Dapper;
using DbUp.Engine;
using DbUp.Postgresql;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthPortal.Database;

/// <summary>Brings the tables up to date: <c>Migrations/NNNN_what.sql</c>, in order, each once, by DbUp.</summary>
internal sealed partial class Migrator(DatabaseAddress address, DatabaseOptions options, ILogger<Migrator> log)
{
    // Any number will do, as long as every version of the portal uses the same.
    private const long Gate = 0x41757468506F7274;

    private const string TryGateSql = "select pg_try_advisory_xact_lock(@Gate)";

    private const string GateSql = "select pg_advisory_xact_lock(@Gate)";

    private const string SchemaSql = "select current_schema()";

    private const string MayCreateSql = "select has_schema_privilege(current_schema(), 'create')";

    // For this transaction alone: a role's own would end a long migration, or the gate that idles beside it. Those that
    // this version of PostgreSQL has.
    private const string NoTimeoutsSql = """
        select set_config(name, '0', true)
          from pg_settings
         where name in (
               'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
        """;

    /// <summary>Whether there are tables at all.</summary>
    public static Task<bool> IsMigratedAsync(NpgsqlConnection connection) =>
        connection.ExecuteScalarAsync<bool>("select to_regclass('schema_versions') is not null");

    /// <summary>Several instances may call this at once: one migrates, the others wait for it.</summary>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var source = Unpooled();
        await using var gate = await OpenAsync(source, ct);

        // A transaction's lock, not a session's: behind a transaction-mode pooler eight sessions held one at once.
        // It is held by a second connection, because DbUp commits after each script.
        await using var transaction = await gate.BeginTransactionAsync(ct);
        await gate.ExecuteAsync(new CommandDefinition(NoTimeoutsSql, transaction: transaction, cancellationToken: ct));
        Refuse(await DatabaseFitness.JudgeAsync(gate, ct));
        if (!await gate.ExecuteScalarAsync<bool>(new CommandDefinition(TryGateSql, new { Gate }, transaction)))
        {
            LogWaiting();
            const int ForEver = 0;
            await gate.ExecuteAsync(
                new CommandDefinition(GateSql, new { Gate }, transaction, ForEver, cancellationToken: ct));
        }

        // The journal stands where the tables will: a role's own search_path may not begin with `public`.
        var schema = await gate.ExecuteScalarAsync<string?>(SchemaSql, transaction: transaction)
            ?? throw new InvalidOperationException($"{address} has no schema to create tables in.");
        var mayCreate = await gate.ExecuteScalarAsync<bool>(MayCreateSql, transaction: transaction);
        await Task.Run(() => Upgrade(source, schema, mayCreate), ct);
        await transaction.CommitAsync(ct);
        Refuse(await DatabaseFitness.JudgeSequencesAsync(gate, mend: true, ct));
    }

    private void Refuse(IEnumerable<DatabaseFlaw> flaws)
    {
        var refused = flaws.Where(flaw => flaw.IsRefused).Select(flaw => $"{address}: {flaw.Sentence}").ToList();
        if (refused.Count > 0)
            throw new OptionsValidationException(nameof(Database), typeof(DatabaseAddress), refused);
    }

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            return await Outage.WaitOutAsync(
                source, options.ConnectTimeout, limit => source.OpenConnectionAsync(limit).AsTask(), ct);
        }
        catch (NpgsqlException e)
        {
            // Somebody is there and says no: waiting would not help. A wrong password, no such database, no TLS.
            var reason = e is PostgresException refusal ? refusal.MessageText : e.Message;
            throw new OptionsValidationException(nameof(Database), typeof(DatabaseAddress), [
                $"{address} refuses the connection ({reason}): check ConnectionStrings__Portal or DATABASE_URL."]);
        }
    }

    private void Upgrade(NpgsqlDataSource source, string schema, bool mayCreate)
    {
        // The schema is named to the journal alone: told of it, DbUp would create it, for which the right to use it
        // does not do (PostgreSQL asks for CREATE on the database even where the schema is there).
        var result = PostgresqlExtensions.PostgresqlDatabase(new PostgresqlConnectionManager(source))
            .WithScripts(Scripts())
            .WithVariablesDisabled()        // or DbUp would read a $…$ quote as a variable
            .WithExecutionTimeout(null)     // an index on a big table takes its time
            .WithTransactionPerScript()
            .WithPreprocessor(new WithoutTimeouts())
            .JournalToPostgresqlTable(schema, "schema_versions")
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful && Outage.IsOutage(result.Error))
            throw new DatabaseUnavailableException($"{address} went away during a migration.", result.Error);
        if (result.Error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege })
        {
            throw new OptionsValidationException(nameof(Database), typeof(DatabaseAddress), [
                mayCreate
                    ? $"{address}: this user may not change tables, and a migration is due. "
                        + "Run AuthPortal migrate as the user who owns them first."
                    : $"{address}: this user may create no tables in the schema {schema}, and a migration is due. "
                        + "Run AuthPortal migrate as the user who owns them, or give this one the right: "
                        + $"GRANT USAGE, CREATE ON SCHEMA {schema} TO the_user;"]);
        }

        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }

        foreach (var script in result.Scripts)
            LogApplied(script.Name);
    }

    private sealed class WithoutTimeouts : IScriptPreprocessor
    {
        public string Process(string contents) => $"{NoTimeoutsSql};\n{contents}";
    }

    private static IEnumerable<SqlScript> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{typeof(Migrator).Namespace}.Migrations.";
        return from name in assembly.GetManifestResourceNames()
               where name.StartsWith(folder, StringComparison.Ordinal)
               orderby name
               select SqlScript.FromStream(name[folder.Length..], assembly.GetManifestResourceStream(name)!);
    }

    private NpgsqlDataSource Unpooled()
    {
        var parts = new NpgsqlConnectionStringBuilder(address.ConnectionString) { Pooling = false, MaxAutoPrepare = 0 };
        return new NpgsqlDataSourceBuilder(parts.ConnectionString) { Name = "migrator" }
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
            .Build();
    }

    [LoggerMessage(LogLevel.Information, "Another instance is migrating the database: waiting for it")]
    private partial void LogWaiting();

    [LoggerMessage(LogLevel.Information, "Applied migration {Script}")]
    private partial void LogApplied(string script);
}
