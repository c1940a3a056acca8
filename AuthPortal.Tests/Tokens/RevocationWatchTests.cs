using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>How an instance hears of what others revoked, and when it leaves the database in peace.</summary>
public sealed class RevocationWatchTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    /// <summary>Without a token for so long, and a little longer, polling rests.</summary>
    private static readonly TimeSpan RestAfter = new RevocationOptions().RestAfter + TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Unused_it_rests_and_then_judges_nobody_before_it_has_caught_up()
    {
        var http = portal.Stranger();
        await using var sibling = portal.Sibling();
        var other = sibling.Stranger();
        var person = await portal.NewPersonAsync();
        using var counter = CommandCounter.OfDatabase(portal);
        await portal.AdvanceAsync(TimeSpan.FromSeconds(1), sibling);
        Assert.NotEqual(0, Polls(counter));
        await portal.AdvanceAsync(RestAfter, sibling);
        await NobodyPollsAsync(counter, sibling);
        var token = await (await http.GetAsync("/api/auth/token", person.RefreshToken)).TextAsync("token");
        await portal.AdvanceAsync(RestAfter, sibling);
        await NobodyPollsAsync(counter, sibling);

        await other.SendAsync(HttpMethod.Post, "/api/auth/sign-out", token);
        await sibling.SettledAsync();
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
        var pollEvery = TimeSpan.FromSeconds(1);
        await using var own = new PortalOfAda { Clock = new FakeTimeProvider(DateTimeOffset.UtcNow) };
        await own.InitializeAsync();
        var http = own.Stranger();

        await own.ExecuteAsync("alter table revocations rename to gone");
        await own.AdvanceAsync(pollEvery);
        var told = await http.GetAsync("/healthz/ready");
        var goesOn = await http.GetAsync("/api/me", own.Ada.AccessToken);
        await own.ExecuteAsync("alter table gone rename to revocations");
        await own.AdvanceAsync(pollEvery);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, told.StatusCode);
        Assert.Equal(HttpStatusCode.OK, goesOn.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz/ready")).StatusCode);
    }

    private Task<long> RowsOfAsync(Person person) => portal.ScalarAsync<long>(
        "select count(*) from revocations where user_id = @Id", new { person.Id });

    private Task SweepAsync() =>
        portal.Services.GetRequiredService<RevocationWatch>().LoadAsync(null, CancellationToken.None);

    private static int Polls(CommandCounter counter) => counter.Statements.Count(s => s.Contains("where at >"));

    /// <summary>Moves time on three times.</summary>
    private async Task NobodyPollsAsync(CommandCounter counter, Portal sibling)
    {
        var before = Polls(counter);
        for (var n = 0; n < 3; n++)
            await portal.AdvanceAsync(TimeSpan.FromMinutes(1.7), sibling);
        Assert.Equal(before, Polls(counter));
    }
}
