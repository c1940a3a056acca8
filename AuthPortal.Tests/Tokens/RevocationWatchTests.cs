using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>How an instance hears of what others revoked, and when it leaves the database in peace.</summary>
public sealed class RevocationWatchTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task Unused_it_rests_and_then_judges_nobody_before_it_has_caught_up()
    {
        var http = portal.Stranger();
        var other = portal.Sibling().Stranger();
        var person = await portal.NewPersonAsync();
        using var counter = new CommandCounter(new NpgsqlConnectionStringBuilder(portal.Database).Database!);
        Assert.True(await Eventually.IsTrueAsync(() => IsQuietAsync(counter), TimeSpan.FromSeconds(20)));
        var token = await (await http.GetAsync("/api/auth/token", person.RefreshToken)).TextAsync("token");
        Assert.True(await Eventually.IsTrueAsync(() => IsQuietAsync(counter), TimeSpan.FromSeconds(20)));

        await other.SendAsync(HttpMethod.Post, "/api/auth/sign-out", token);
        var before = Polls(counter);
        var response = await http.GetAsync("/api/me", token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(before + 1, Polls(counter));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", token)).StatusCode);
        Assert.Equal(before + 1, Polls(counter)); // awake, it asks by the clock alone
    }

    [Fact]
    public async Task What_ends_all_sessions_is_kept_until_the_longest_of_them_would_be_over()
    {
        var http = portal.Stranger();
        var person = await portal.NewPersonAsync();
        var brief = SessionCookies.Of(await http.SignInAsync(person.Email, rememberMe: false));
        await http.PostAsync("/api/auth/revoke-sessions", brief);

        portal.Time.Advance(TimeSpan.FromDays(29));
        await SweepAsync();
        var kept = await RowsOfAsync(person);
        portal.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(61));
        await SweepAsync();

        Assert.Equal(1, kept);
        Assert.Equal(0, await RowsOfAsync(person));
    }

    [Fact]
    public async Task The_row_of_one_session_is_kept_while_any_token_of_it_could_live()
    {
        var http = portal.Stranger();
        var person = await portal.NewPersonAsync();
        var brief = await http.SignInAsync(person.Email, rememberMe: false);
        portal.Time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMinutes(1));
        var cookies = SessionCookies.Of(await http.GetAsync("/api/me", SessionCookies.Of(brief)));

        await http.PostAsync("/api/auth/sign-out", cookies);
        portal.Time.Advance(TimeSpan.FromMinutes(10));
        await SweepAsync();
        var kept = await RowsOfAsync(person);
        portal.Time.Advance(TimeSpan.FromMinutes(61));
        await SweepAsync();

        Assert.Equal(1, kept);
        Assert.Equal(0, await RowsOfAsync(person));
    }

    [Fact]
    public async Task A_database_that_refuses_is_told_by_readiness_and_does_not_end_the_portal()
    {
        var database = await TestServer.CreateDatabaseAsync();
        await using var own = new Portal();
        own.Settings["ConnectionStrings:Portal"] = database;
        own.Settings["Revocations:PollEvery"] = "00:00:00.1";
        var http = own.Stranger();
        var person = await own.NewPersonAsync();

        await ExecuteAsync(database, "alter table revocations rename to gone");
        var told = await Eventually.IsTrueAsync(() => IsReadyAsync(http, false), TimeSpan.FromSeconds(10));
        var goesOn = await http.GetAsync("/api/me", person.AccessToken);
        await ExecuteAsync(database, "alter table gone rename to revocations");

        Assert.True(told);
        Assert.Equal(HttpStatusCode.OK, goesOn.StatusCode);
        Assert.True(await Eventually.IsTrueAsync(() => IsReadyAsync(http, true), TimeSpan.FromSeconds(10)));
        await TestServer.DropDatabaseAsync(database);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, bool ready) =>
        (await http.GetAsync("/healthz/ready")).IsSuccessStatusCode == ready;

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private Task<long> RowsOfAsync(Person person) => portal.ScalarAsync<long>(
        "select count(*) from revocations where user_id = @Id", new { person.Id });

    private Task SweepAsync() =>
        portal.Services.GetRequiredService<RevocationWatch>().LoadAsync(null, CancellationToken.None);

    private static int Polls(CommandCounter counter) => counter.Statements.Count(s => s.Contains("where at >"));

    /// <summary>Moves time on three times, and sees whether anybody polls.</summary>
    private async Task<bool> IsQuietAsync(CommandCounter counter)
    {
        var before = Polls(counter);
        for (var n = 0; n < 3 && Polls(counter) == before; n++)
        {
            portal.Time.Advance(TimeSpan.FromMinutes(1.7));
            await Task.Delay(250);
        }

        return Polls(counter) == before;
    }
}
