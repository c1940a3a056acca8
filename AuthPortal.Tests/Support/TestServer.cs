using System.Diagnostics.CodeAnalysis;
using AuthPortal.Database;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AuthPortal.Tests.Support;

/// <summary>
/// The one PostgreSQL of a test run: a temporary one, or the server that <c>AUTHPORTAL_TEST_SERVER</c> (a connection
/// string) names. The migrated template is made once; each database is a copy of it, in some ten milliseconds.
/// </summary>
internal static class TestServer
{
    private static readonly string Template = $"portal_template_{Guid.NewGuid():N}";

    // Held for the run: the server ends when nobody holds it.
    private static PrivateServer? _own;

    private static readonly SemaphoreSlim OneCopyAtATime = new(1);

    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    private static readonly Lazy<Task> TemplateMade = new(MakeTemplateAsync);

    /// <summary>
    /// Dapper compiles how it reads a statement's rows once for each connection string. All databases here have the same
    /// tables, so one compilation serves them all; where a column differs, Dapper sees it and compiles anew.
    /// </summary>
    static TestServer() => SqlMapper.ConnectionStringComparer = new OneForAll();

    /// <returns>The connection string of a database of one's own, with all tables and no rows.</returns>
    public static async Task<string> CreateDatabaseAsync()
    {
        await TemplateMade.Value;
        return await CreateAsync($"portal_{Guid.NewGuid():N}", $" template {Template} strategy file_copy");
    }

    /// <returns>The connection string of a database that no migration has touched.</returns>
    /// <param name="made">How, in the words of <c>create database</c>.</param>
    public static Task<string> CreateEmptyDatabaseAsync(string made = "") =>
        CreateAsync($"portal_{Guid.NewGuid():N}", $" {made}");

    public static async Task DropDatabaseAsync(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await ExecuteAsync($"drop database if exists {database} with (force)");
    }

    public static async Task MigrateAsync(string connectionString)
    {
        var migrator = new Migrator(
            new DatabaseAddress(connectionString), new DatabaseOptions(), NullLogger<Migrator>.Instance);
        await migrator.MigrateAsync(CancellationToken.None);
    }

    /// <summary>A test's own connections, which know PostgreSQL's types without asking for them, as the portal's do.</summary>
    public static NpgsqlDataSource Source(string connectionString) => new NpgsqlDataSourceBuilder(connectionString)
        .ConfigureTypeLoading(types => types.EnableTypeLoading(false))
        .Build();

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("AUTHPORTAL_TEST_SERVER") is { Length: > 0 } given)
            return given;
        _own = await PrivateServer.StartAsync();
        return _own.ConnectionString;
    }

    private static async Task MakeTemplateAsync()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DropTemplate();
        await MigrateAsync(await CreateAsync(Template, ""));
    }

    /// <summary>A temporary server takes it along; a given one would keep it for ever.</summary>
    private static void DropTemplate()
    {
        if (Environment.GetEnvironmentVariable("AUTHPORTAL_TEST_SERVER") is { Length: > 0 })
            ExecuteAsync($"drop database if exists {Template} with (force)").GetAwaiter().GetResult();
    }

    private static async Task<string> CreateAsync(string database, string from)
    {
        await OneCopyAtATime.WaitAsync();
        using var cost = Costs.Of("databases made");
        try
        {
            await ExecuteAsync($"create database {database}{from}");
        }
        finally
        {
            OneCopyAtATime.Release();
        }

        return new NpgsqlConnectionStringBuilder(await Server.Value) { Database = database, MaxPoolSize = 20 }
            .ConnectionString;
    }

    private static async Task ExecuteAsync(string sql) => await ExecuteAsync(await Server.Value, sql);

    /// <summary>Runs a statement on a connection of its own, which is closed before this returns.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var source = Source(unpooled.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class OneForAll : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => true;

        public int GetHashCode([DisallowNull] string obj) => 0;
    }
}
