using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A PostgreSQL that tests stop, kill and freeze, one test after another. Each test has a database of its own in it.
/// </summary>
public sealed class OutageServer : IAsyncLifetime
{
    /// <summary>The xunit collection of the classes that share it; their tests run one after another.</summary>
    public const string Run = "A PostgreSQL that goes away";

    private const string Template = "portal_template";

    internal PrivateServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await PrivateServer.StartAsync();
        await ExecuteAsync($"create database {Template}");
        await TestServer.MigrateAsync(To(Template));
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Begins every test here: the server runs again, whatever the test before did to it.</summary>
    /// <returns>The connection string of a database of the test's own, with all tables and no rows.</returns>
    internal async Task<string> NewDatabaseAsync()
    {
        await Server.RestoreAsync();
        var name = $"portal_{Guid.NewGuid():N}";
        await ExecuteAsync($"create database {name} template {Template} strategy file_copy");
        return To(name);
    }

    private string To(string database) =>
        new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = database }.ConnectionString;

    private Task ExecuteAsync(string sql) => TestServer.ExecuteAsync(Server.ConnectionString, sql);
}

/// <summary>The classes that share a PostgreSQL that goes away.</summary>
[CollectionDefinition(OutageServer.Run)]
public sealed class OutageRun : ICollectionFixture<OutageServer>;
