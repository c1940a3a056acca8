using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>The token is the session: no row says that anybody is signed in, and no request asks for one.</summary>
public sealed class StatelessTests(OverheardPortal portal) : IClassFixture<OverheardPortal>
{
    private readonly HttpClient _http = portal.Stranger();

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
        await portal.SettledAsync();
        using var counter = CommandCounter.OfRequests();
        var before = portal.SentToDatabase;

        for (var n = 0; n < 20; n++)
            await UseAsync();

        // Not a byte went to PostgreSQL, by whatever library, and by whichever of the portal's threads.
        await portal.SettledAsync();
        Assert.Equal(before, portal.SentToDatabase);
        Assert.Empty(counter.Statements);
        await _http.GetAsync("/api/me", portal.Cookies with { Access = null });
        Assert.NotEqual(before, portal.SentToDatabase); // a renewal is heard
    }

    [Fact]
    public async Task A_refused_token_takes_none_either()
    {
        using var counter = CommandCounter.OfRequests();

        await _http.GetAsync("/api/me", portal.Ada.AccessToken[..^4]);
        await _http.GetAsync("/api/me", new SessionCookies("x", "y"));
        await _http.SendAsync(HttpMethod.Post, "/api/auth/refresh", "x");

        Assert.Empty(counter.Statements);
    }

    [Fact]
    public async Task A_renewal_takes_one()
    {
        await _http.GetAsync("/api/me", portal.Cookies with { Access = null }); // its connection is open now
        using var counter = CommandCounter.OfRequests();

        var response = await _http.GetAsync("/api/me", portal.Cookies with { Access = null });

        Assert.NotNull(response.Cookie("access"));
        Assert.Single(counter.Statements);
    }

    [Fact]
    public async Task A_sign_in_takes_three_at_most()
    {
        using var counter = CommandCounter.OfRequests();

        (await _http.SignInAsync(portal.Ada.Email)).EnsureSuccessStatusCode();

        // What it took from the budgets of guesses goes back once the answer is out, and is no part of the request.
        await portal.SettledAsync();
        Assert.InRange(counter.Count, 1, 3);
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
}

/// <summary>An unpolled portal whose every word to its database is counted on the way.</summary>
public sealed class OverheardPortal : UnpolledPortal
{
    private TcpProxy? _wire;
    private int _sent;

    /// <summary>How many pieces the portal has sent to PostgreSQL.</summary>
    internal int SentToDatabase => Volatile.Read(ref _sent);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        _wire = TcpProxy.To(new NpgsqlConnectionStringBuilder(Database).Port);
        _wire.Watch = _ =>
        {
            Interlocked.Increment(ref _sent);
            return Passage.Forward;
        };

        // Npgsql takes leave on connections that were idle for five minutes, which is no call either.
        var overheard = new NpgsqlConnectionStringBuilder(_wire.Through(Database)) { ConnectionIdleLifetime = 3600 };
        builder.UseSetting("ConnectionStrings:Portal", overheard.ConnectionString);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_wire is not null)
            await _wire.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
