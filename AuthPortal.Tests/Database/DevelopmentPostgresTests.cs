using System.Diagnostics;
using AuthPortal.Database;
using AuthPortal.Database.Development;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

/// <summary>What a developer's machine does to its PostgreSQL. Each portal here stands for a process.</summary>
public sealed class DevelopmentPostgresTests : IDisposable
{
    private static readonly PostgresBinaries Binaries = PostgresBinaries.Find(AppContext.BaseDirectory);

    private readonly DataFolder _folder =
        new(PrivateServer.NewFolder(ServerAccount.ForThisProcess(), durable: false));

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    private DevelopmentPostgres NewPortal() => new(
        _folder, Binaries, ServerAccount.ForThisProcess(), NullLogger<DevelopmentPostgres>.Instance);

    private string Cluster => Path.Combine(_folder.Path, $"postgres-{Binaries.Major}");

    private int? Server => PostmasterPid.Read(Path.Combine(Cluster, "data"))?.Process;

    [Fact]
    public async Task Two_portals_that_start_at_once_share_a_server_and_the_last_one_stops_it()
    {
        await using var first = NewPortal();
        await using var second = NewPortal();
        await Task.WhenAll(first.JoinAsync(default), second.JoinAsync(default));
        Assert.Equal(first.Address.ConnectionString, second.Address.ConnectionString);

        // What a portal leaves behind that was killed: its file, without the lock.
        await File.WriteAllTextAsync(Path.Combine(Cluster, "portals", "killed"), "");
        await first.DisposeAsync();
        await AssertAnswersAsync(second);
        await second.DisposeAsync();

        Assert.Null(Server);
        Assert.Empty(Directory.GetFiles(Path.Combine(Cluster, "portals")));
    }

    [Fact]
    public async Task A_killed_local_PostgreSQL_is_restarted_on_its_port()
    {
        await using var portal = NewPortal();
        await portal.JoinAsync(default);
        var before = Server!.Value;
        KillServer();

        var watch = Stopwatch.StartNew();
        while (Server is null || Server == before)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), "It did not come back.");
            await Task.Delay(50);
        }

        await AssertAnswersAsync(portal);
    }

    [Fact]
    public async Task A_start_gets_over_what_a_crash_left_behind()
    {
        await using (var portal = NewPortal())
            await portal.JoinAsync(default);

        // The number in the file now belongs to another program: this one.
        await File.WriteAllTextAsync(Path.Combine(Cluster, "data", "postmaster.pid"),
            $"{Environment.ProcessId}\n{Cluster}/data\n1\n5432\n\n127.0.0.1\n 1 1\nready\n");
        await using var next = NewPortal();
        await next.JoinAsync(default);

        await AssertAnswersAsync(next);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_password()
    {
        await using var portal = NewPortal();
        await portal.JoinAsync(default);
        var stranger = new NpgsqlConnectionStringBuilder(portal.Address.ConnectionString) { Password = "portal" };

        await using var source = NpgsqlDataSource.Create(stranger);
        var refusal = await Assert.ThrowsAsync<PostgresException>(async () => await source.OpenConnectionAsync());

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    private void KillServer()
    {
        using var server = Process.GetProcessById(Server!.Value);
        server.Kill();
    }

    private static async Task AssertAnswersAsync(DevelopmentPostgres portal)
    {
        await using var source = portal.Address.Open();
        var answer = await Outage.WaitOutAsync(source, TimeSpan.FromSeconds(15), async limit =>
        {
            await using var command = source.CreateCommand("select current_database()");
            return (string?)await command.ExecuteScalarAsync(limit);
        }, default);

        Assert.Equal("authportal", answer);
    }
}
