using System.Collections.Concurrent;
using AuthPortal.Database;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

/// <summary>The answer to COMMIT is lost on its way.</summary>
public sealed class CommitTests : IAsyncLifetime
{
    private string _database = "";
    private TcpProxy _wire = null!;
    private NpgsqlDataSource _source = null!;
    private Db _db = null!;

    public async Task InitializeAsync()
    {
        _database = await TestServer.CreateEmptyDatabaseAsync();
        _wire = TcpProxy.To(new NpgsqlConnectionStringBuilder(_database).Port);
        _source = new DatabaseAddress(_wire.Through(_database)).Open();
        _db = new Db(_source, Options.Create(new DatabaseOptions()), new Pulse());
        await _db.ExecuteAsync("create table notes (id int)", new { }, default);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _wire.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }

    [Fact]
    public async Task What_was_committed_is_known_to_be()
    {
        CutAtCommit(Passage.ForwardThenCut);
        var told = false;

        await _db.InTransactionAsync(
            async () =>
            {
                await AddAsync();
                _db.AfterCommit(() => told = true);
            },
            default);

        Assert.True(told);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task What_was_not_is_refused_and_leaves_nothing_behind()
    {
        CutAtCommit(Passage.CutInstead);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => _db.InTransactionAsync(AddAsync, default));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_transaction_that_is_still_open_is_asked_about_until_it_ends()
    {
        await using var other = await _source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var number = new NpgsqlCommand("select pg_current_xact_id()::text", other);
        var answer = (string)(await number.ExecuteScalarAsync())!;
        using var counter = CommandCounter.OfRequests();
        var question = Commit.IsCommittedAsync(_source, answer, Eventually.Limit);
        await Eventually.SeeAsync("it is asked again and again", () => counter.Count, asked => asked >= 3);
        Assert.False(question.IsCompleted);

        await transaction.CommitAsync();

        Assert.True(await question);
    }

    [Fact]
    public async Task A_server_that_never_knew_of_it_has_not_committed_it() =>
        Assert.False(await Commit.IsCommittedAsync(_source, "4000000000", Eventually.Limit));

    private void CutAtCommit(Passage passage)
    {
        // Once: whoever asks afterwards gets through.
        var cuts = new ConcurrentBag<Passage> { passage };
        _wire.Watch = piece => TcpProxy.IsCommit(piece) && cuts.TryTake(out var cut) ? cut : Passage.Forward;
    }

    private Task<int> CountAsync() => _db.FindAsync<int>("select count(*)::int from notes", new { }, default);

    private Task AddAsync() => _db.ExecuteAsync("insert into notes values (1)", new { }, default);
}
