using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>The token is the session: no row says that anybody is signed in, and no request asks for one.</summary>
public sealed class StatelessTests(UnpolledPortal portal) : IClassFixture<UnpolledPortal>
{
    private readonly HttpClient _http = portal.Stranger();

    private string DatabaseName => new NpgsqlConnectionStringBuilder(portal.Database).Database!;

    [Fact]
    public async Task With_every_table_but_users_empty_the_session_goes_on_and_is_renewed()
    {
        var person = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(person);
        var tables = await portal.ListAsync<string>(
            "select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename <> 'users'");
        await portal.TamperAsync($"truncate {string.Join(", ", tables)} cascade");

        Assert.Contains("revocations", tables);
        Assert.Contains("audit_events", tables);
        Assert.Equal(1, await portal.ScalarAsync<long>("select count(*) from users where id = @Id", new { person.Id }));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", cookies)).StatusCode);
        var renewed = await _http.GetAsync("/account", cookies with { Access = null });
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", cookies.After(renewed))).StatusCode);
    }

    [Fact]
    public async Task Knowing_who_is_asking_takes_no_database_call()
    {
        await UseAsync(); // what is loaded once is loaded
        using var counter = new CommandCounter(DatabaseName);

        // Once more where PostgreSQL's own housekeeping came by in between.
        var unmoved = await Eventually.IsTrueAsync(
            async () =>
            {
                var before = await TransactionsAsync();
                for (var n = 0; n < 20; n++)
                    await UseAsync();
                return await TransactionsAsync() == before;
            },
            TimeSpan.FromSeconds(10));

        Assert.True(unmoved);
        Assert.Empty(counter.Statements);
    }

    [Fact]
    public async Task A_refused_token_takes_none_either()
    {
        using var counter = new CommandCounter(DatabaseName);

        await _http.GetAsync("/api/me", portal.Ada.AccessToken[..^4]);
        await _http.GetAsync("/api/me", new SessionCookies("x", "y"));
        await _http.SendAsync(HttpMethod.Post, "/api/auth/refresh", "x");

        Assert.Empty(counter.Statements);
    }

    [Fact]
    public async Task A_renewal_takes_one()
    {
        await _http.GetAsync("/api/me", portal.Cookies with { Access = null }); // its connection is open now
        using var counter = new CommandCounter(DatabaseName);

        var response = await _http.GetAsync("/api/me", portal.Cookies with { Access = null });

        Assert.NotNull(response.Cookie("access"));
        Assert.Single(counter.Statements);
    }

    [Fact]
    public async Task A_sign_in_takes_three_at_most()
    {
        using var counter = new CommandCounter(DatabaseName);

        (await _http.SignInAsync(portal.Ada.Email)).EnsureSuccessStatusCode();

        // What it took from the budgets of guesses goes back once the answer is out.
        Assert.InRange(counter.Statements.Count(sql => !sql.Contains("tat - given.every")), 1, 3);
    }

    private async Task UseAsync()
    {
        foreach (var path in (string[])["/api/me", "/api/auth/get-session", "/api/auth/token", "/api/auth/verify"])
        {
            (await _http.GetAsync(path, portal.Ada.AccessToken)).EnsureSuccessStatusCode();
            (await _http.GetAsync(path, portal.Cookies)).EnsureSuccessStatusCode();
        }

        (await _http.GetAsync("/account", portal.Cookies)).EnsureSuccessStatusCode();
    }

    /// <summary>All that PostgreSQL saw in this database: its sessions are ended first, so that each has told.</summary>
    private async Task<long> TransactionsAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(portal.Database) { Database = "postgres", Pooling = false };
        await using var source = NpgsqlDataSource.Create(server);
        async Task<long> AskAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.AddWithValue(DatabaseName);
            return (long)(await command.ExecuteScalarAsync())!;
        }

        Assert.True(await Eventually.IsTrueAsync(
            async () => await AskAsync("""
                select count(*)
                  from (select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = $1 and backend_type = 'client backend') as ended
                """) == 0,
            TimeSpan.FromSeconds(10)));
        return await AskAsync("select xact_commit + xact_rollback from pg_stat_database where datname = $1");
    }
}

/// <summary>A portal whose background services sleep through the test: its time stands still.</summary>
public sealed class UnpolledPortal : PortalOfAda
{
    public UnpolledPortal() => Clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
}
