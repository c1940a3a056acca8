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

    /// <summary>Several instances may call this at once: one migrates, the others wait for it.</summary>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var source = Unpooled();
        await using var gate = await OpenAsync(source, ct);

        // A transaction's lock, not a session's: behind a transaction-mode pooler eight sessions held one at once.
        // It is held by a second connection, because DbUp commits after each script.
        await using var transaction = await gate.BeginTransactionAsync(ct);
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
        await Task.Run(() => Upgrade(source, schema), ct);
        await transaction.CommitAsync(ct);
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

    private void Upgrade(NpgsqlDataSource source, string schema)
    {
        var result = PostgresqlExtensions.PostgresqlDatabase(new PostgresqlConnectionManager(source), schema)
            .WithScripts(Scripts())
            .WithVariablesDisabled()        // or DbUp would read a $…$ quote as a variable
            .WithExecutionTimeout(null)     // an index on a big table takes its time
            .WithTransactionPerScript()
            .JournalToPostgresqlTable(schema, "schema_versions")
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful && Outage.IsOutage(result.Error))
            throw new DatabaseUnavailableException($"{address} went away during a migration.", result.Error);
        if (result.Error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege })
        {
            throw new OptionsValidationException(nameof(Database), typeof(DatabaseAddress), [
                $"{address}: this user may not change tables, and a migration is due. "
                + "Run AuthPortal migrate as the user who owns them first."]);
        }

        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }

        foreach (var script in result.Scripts)
            LogApplied(script.Name);
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
