using System.Diagnostics;
using AuthPortal.Database;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

[Collection(OutageServer.Run)]
public sealed class OutageTests(OutageServer outages) : IAsyncLifetime
{
    private readonly PrivateServer _server = outages.Server;
    private readonly Pulse _pulse = new();
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _source = new DatabaseAddress(await outages.NewDatabaseAsync()).Open();
        await OpenDb().ExecuteAsync("create table notes (id int)", new { }, default);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _server.RestoreAsync();
    }

    private Db OpenDb() =>
        new(_source, Options.Create(new DatabaseOptions()), _pulse);

    [Fact]
    public async Task Reads_wait_while_the_server_restarts()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CountAsync()));   // a pool full of idle connections
        await _server.KillAsync();
        var reads = Enumerable.Range(0, 20).Select(_ => CountAsync()).ToList();
        await _server.ContinueAsync();

        Assert.Equal(Enumerable.Repeat(0, 20), await Task.WhenAll(reads));
    }

    [Fact]
    public async Task A_write_waits_for_its_connection_and_then_runs_once()
    {
        await _server.StopAsync();
        _source.Clear();
        var write = AddAsync();
        await _server.ContinueAsync();

        await write;
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_restart_while_nobody_was_looking_costs_no_write()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CountAsync()));
        await _server.KillAsync();
        await _server.ContinueAsync();
        Assert.True(await Eventually.IsTrueAsync(() => Task.FromResult(_pulse.IsOld), TimeSpan.FromSeconds(10)));

        await AddAsync();
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_write_that_lost_its_server_is_reported_not_repeated()
    {
        var write = OpenDb().FindAsync<int>(
            "insert into notes select 1 from pg_sleep(30) returning id", new { }, default);
        Assert.True(await Eventually.IsTrueAsync(IsSleepingAsync, TimeSpan.FromSeconds(30)));
        await _server.StopAsync();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => write);
        await _server.ContinueAsync();
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_transaction_that_lost_its_server_leaves_nothing_behind()
    {
        var db = OpenDb();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => db.InTransactionAsync(async () =>
        {
            await db.ExecuteAsync("insert into notes values (1)", new { }, default);
            await _server.StopAsync();
            await db.ExecuteAsync("insert into notes values (2)", new { }, default);
        }, default));

        await _server.ContinueAsync();
        Assert.Equal(0, await CountAsync());
        await db.InTransactionAsync(() => db.ExecuteAsync("insert into notes values (3)", new { }, default), default);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_killed_server_comes_back_on_its_port_even_where_its_children_outlive_it()
    {
        await CountAsync();
        var port = _server.Port;
        var releaseChildren = await _server.KillBeforeItsChildrenAsync();
        var start = _server.ContinueAsync();
        Assert.True(await Eventually.IsTrueAsync(
            () => Task.FromResult(_server.Log.Contains("pre-existing shared memory", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30)));
        await releaseChildren();
        await start;

        Assert.Equal(port, _server.Port);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_frozen_server_costs_no_more_than_the_patience()
    {
        await CountAsync();
        await _server.FreezeAsync();
        var watch = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => OpenDb().FindAsync<int>(
            "select count(*)::int from notes", new { }, TimeSpan.FromSeconds(1), default));

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 10); // the usual patience is 15 s
        Assert.Contains($"127.0.0.1:{_server.Port}", error.Message, StringComparison.Ordinal);
        await _server.ThawAsync();
        Assert.Equal(0, await CountAsync());
    }

    /// <summary>Whether the server carries out the statement that takes its time.</summary>
    private async Task<bool> IsSleepingAsync() => await OpenDb().FindAsync<int>(
        "select count(*)::int from pg_stat_activity where wait_event = 'PgSleep'", new { }, default) > 0;

    private Task<int> CountAsync() =>
        OpenDb().FindAsync<int>("select count(*)::int from notes", new { }, default);

    private Task<int> AddAsync() => OpenDb().ExecuteAsync("insert into notes values (1)", new { }, default);
}
