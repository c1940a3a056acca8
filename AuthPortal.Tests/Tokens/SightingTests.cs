using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>When a device was last seen: by its renewals, which wait for no word of it to be written.</summary>
public sealed class SightingTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task A_device_was_last_seen_when_its_session_was_last_renewed()
    {
        var ada = await portal.NewPersonAsync();
        var phone = await portal.SignInAgainAsync(ada);
        var signedIn = portal.Time.GetUtcNow();
        Assert.Equal(signedIn, LastSeen((await ListAsync(ada))[1]));

        portal.Time.Advance(TimeSpan.FromMinutes(11));
        var renewed = portal.Time.GetUtcNow();
        (await _http.GetAsync("/api/me", phone)).EnsureSuccessStatusCode();

        await SeenAsync(ada, renewed);
        var list = await ListAsync(ada);
        Assert.Equal(portal.Time.GetUtcNow(), LastSeen(list[0])); // the one that asks
        Assert.Equal(renewed, LastSeen(list[1]));
        Assert.Equal(signedIn, At(list[1], "createdAt"));
        var page = portal.Browser();
        await page.OpenAsync("/sign-in");
        await page.SignInAsync(ada.Email);
        await page.OpenAsync("/account/devices");
        var words = renewed.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
        Assert.Contains($"Last seen {words}.", page.Text, StringComparison.Ordinal);
        Assert.Contains("In use now.", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_portals_the_later_sighting_counts_whichever_is_written_last()
    {
        await using var sibling = portal.Sibling();
        var ada = await portal.NewPersonAsync();
        var phone = (await portal.SignInAgainAsync(ada)) with { Access = null };
        await _http.GetAsync("/api/me", phone);
        portal.Time.Advance(TimeSpan.FromSeconds(30));
        var later = portal.Time.GetUtcNow();
        Assert.Equal(HttpStatusCode.OK, (await sibling.Stranger().GetAsync("/api/me", phone)).StatusCode);

        await portal.AdvanceAsync(TimeSpan.FromMinutes(1), sibling);

        Assert.Equal(later, LastSeen((await ListAsync(ada))[1]));
    }

    [Fact]
    public async Task A_portal_that_stops_writes_down_what_it_saw()
    {
        var sibling = portal.Sibling();
        var ada = await portal.NewPersonAsync();
        var phone = (await portal.SignInAgainAsync(ada)) with { Access = null };
        var seen = portal.Time.GetUtcNow();
        await sibling.Stranger().GetAsync("/api/me", phone);

        await sibling.DisposeAsync();

        Assert.True(await IsSeenAsync(ada, seen));
    }

    [Fact]
    public async Task Where_it_cannot_be_written_the_session_is_renewed_all_the_same()
    {
        var ada = await portal.NewPersonAsync();
        var phone = (await portal.SignInAgainAsync(ada)) with { Access = null };
        await portal.ExecuteAsync("alter table session_sightings rename to away");
        try
        {
            for (var n = 0; n < 3; n++)
            {
                var response = await _http.GetAsync("/api/me", phone);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.NotNull(response.Cookie("refresh"));
                await portal.AdvanceAsync(TimeSpan.FromMinutes(1));
            }
        }
        finally
        {
            await portal.ExecuteAsync("alter table away rename to session_sightings");
        }

        var seen = portal.Time.GetUtcNow();
        await _http.GetAsync("/api/me", phone);
        await SeenAsync(ada, seen);
    }

    [Fact]
    public async Task A_sighting_goes_with_its_session_and_of_somebody_deleted_none_is_written()
    {
        var (ada, eve) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Eve"));
        var brief = (await portal.SignInAgainAsync(ada, rememberMe: false)) with { Access = null };
        var (hers, theirs) = (await portal.SignInAgainAsync(ada), await portal.SignInAgainAsync(eve));
        await _http.GetAsync("/api/me", brief);
        await _http.GetAsync("/api/me", theirs with { Access = null });
        await portal.ExecuteAsync("delete from users where id = @Id", new { eve.Id });
        var seen = portal.Time.GetUtcNow();
        await SeenAsync(ada, seen);
        Assert.Equal(0, await CountAsync(eve));

        portal.Time.Advance(TimeSpan.FromHours(13));
        seen = portal.Time.GetUtcNow();
        await _http.GetAsync("/api/me", hers with { Access = null });
        await SeenAsync(ada, seen);
        Assert.Equal(1, await CountAsync(ada));
    }

    /// <summary>It is written within a minute.</summary>
    private async Task SeenAsync(Person person, DateTimeOffset at)
    {
        await portal.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.True(await IsSeenAsync(person, at));
    }

    private Task<bool> IsSeenAsync(Person person, DateTimeOffset at) => portal.ScalarAsync<bool>(
        "select coalesce(max(seen_at) = @at, false) from session_sightings where user_id = @Id",
        new { person.Id, at });

    private Task<long> CountAsync(Person person) => portal.ScalarAsync<long>(
        "select count(*) from session_sightings where user_id = @Id", new { person.Id });

    /// <summary>Asked with a token of the sign-up's session, however old that has become.</summary>
    private async Task<JsonArray> ListAsync(Person person)
    {
        var pair = await _http.PostAsync("/api/auth/refresh", new { refreshToken = person.RefreshToken });
        var list = await _http.GetAsync("/api/auth/list-sessions", await pair.TextAsync("token"));
        return (await list.JsonAsync()).AsArray();
    }

    private static DateTimeOffset LastSeen(JsonNode? session) => At(session, "updatedAt");

    private static DateTimeOffset At(JsonNode? session, string member) =>
        DateTimeOffset.Parse(session![member]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
