using AuthPortal.Database;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

public sealed class DbTests : IAsyncLifetime
{
    private string _connectionString = "";
    private NpgsqlDataSource _source = null!;
    private Db _db = null!;

    public async Task InitializeAsync()
    {
        DapperTypes.Register();
        _connectionString = await TestServer.CreateDatabaseAsync();
        _source = new DatabaseAddress(_connectionString).Open();
        _db = new Db(_source, Options.Create(new DatabaseOptions()), new Pulse());
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await TestServer.DropDatabaseAsync(_connectionString);
    }

    private sealed record Row(
        Guid Id, string Name, string[] Roles, bool IsAdmin, int SessionVersion, DateTimeOffset CreatedAt,
        DateTimeOffset? DisabledAt);

    [Fact]
    public async Task A_row_is_read_into_a_positional_record()
    {
        var (id, at) = (Guid.CreateVersion7(), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)));
        string[] roles = ["admin", "ops"];
        await AddUserAsync(id, roles, at, disabledAt: null);

        var row = await _db.FindAsync<Row>("""
            select id, name, roles, 'admin' = any(roles) as is_admin, session_version, created_at, disabled_at
              from users
             where roles @> @roles and id = any(@ids)
            """, new { roles, ids = new[] { id } }, default);

        Assert.Equal((id, "Ada", true, 1, at, null),
            (row!.Id, row.Name, row.IsAdmin, row.SessionVersion, row.CreatedAt, row.DisabledAt));
        Assert.Equal(roles, row.Roles);
    }

    [Fact]
    public async Task A_time_that_may_be_missing_is_read_where_it_is_not()
    {
        var (id, at) = (Guid.CreateVersion7(), DateTimeOffset.UnixEpoch);
        await AddUserAsync(id, [], at, disabledAt: at);

        Assert.Equal(at, await _db.FindAsync<DateTimeOffset?>(
            "select disabled_at from users where id = @id", new { id }, default));
    }

    [Fact]
    public async Task Statements_can_be_counted_from_outside()
    {
        using var counter = CommandCounter.OfRequests();

        await _db.FindAsync<int>("select 1", new { }, default);
        await _db.InTransactionAsync(async () =>
        {
            await _db.ExecuteAsync("update users set name = 'Ada'", new { }, default);
            await _db.ListAsync<Guid>("select id from users", new { }, default);
        }, default);

        Assert.Equal(
            [
                "select 1", "update users set name = 'Ada'", "select id from users",
                "select pg_current_xact_id_if_assigned()::text",
            ],
            counter.Statements);
    }

    [Fact]
    public async Task A_transaction_is_all_or_nothing()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => _db.InTransactionAsync(async () =>
        {
            await AddUserAsync(Guid.CreateVersion7(), [], DateTimeOffset.UnixEpoch, null);
            throw new InvalidTimeZoneException();
        }, default));

        Assert.Equal(0, await _db.FindAsync<int>("select count(*)::int from users", new { }, default));
    }

    private Task<int> AddUserAsync(Guid id, string[] roles, DateTimeOffset at, DateTimeOffset? disabledAt) =>
        _db.ExecuteAsync("""
            insert into users (id, email, email_canonical, name, roles, created_at, updated_at, disabled_at)
            values (@id, 'Ada@example.com', @email, 'Ada', @roles, @at, @at, @disabledAt)
            """, new { id, email = $"{id}@example.com", roles, at, disabledAt }, default);
}
