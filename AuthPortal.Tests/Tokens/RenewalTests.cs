using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>An ageing session is renewed in passing, where a person or program uses it and nowhere else.</summary>
public sealed class RenewalTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private readonly HttpClient _http = portal.Stranger();

    public static TheoryData<string, string> UsesAndStates()
    {
        var all = new TheoryData<string, string>();
        foreach (var path in (string[])["/api/me", "/api/auth/token", "/api/auth/get-session", "/account", "/"])
        {
            foreach (var state in (string[])["missing", "empty", "expired", "past two thirds", "unreadable"])
                all.Add(path, state);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(UsesAndStates))]
    public async Task Whatever_became_of_the_access_cookie_a_good_refresh_cookie_goes_on(string path, string state)
    {
        var old = await FreshAsync();
        var held = Aged(old, state);

        var response = await _http.GetAsync(path, held);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var renewed = SessionCookies.Of(response);
        var (before, after) = (Forge.Read(old.Access!), Forge.Read(renewed.Access!));
        Assert.NotEqual(old.Refresh, renewed.Refresh);
        foreach (var kept in (string[])["sub", "sid", "ver", "auth_time", "session_end", "amr"])
            Assert.Equal(before[kept]!.ToJsonString(), after[kept]!.ToJsonString());
        Assert.NotEqual(before["jti"]!.ToJsonString(), after["jti"]!.ToJsonString());
        Assert.Equal(Now + 900, after["exp"]!.GetValue<long>());
        Assert.Equal(Now + (7 * 24 * 3600), Forge.Read(renewed.Refresh!)["exp"]!.GetValue<long>());
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", renewed)).StatusCode);
    }

    [Theory]
    [InlineData("/api/me")]
    [InlineData("/account")]
    public async Task A_young_token_is_left_alone(string path)
    {
        var cookies = await FreshAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(9.9));

        var response = await _http.GetAsync(path, cookies);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Cookie("access"));
        Assert.Null(response.Cookie("refresh"));
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/revocations")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/portal.css")]
    [InlineData("/icon.svg")]
    [InlineData("/api/auth/jwks")]
    [InlineData("/api/auth/verify")]
    [InlineData("/error/404")]
    [InlineData("/no-such-page")]
    public async Task What_is_no_use_of_the_session_never_renews_it(string path)
    {
        var response = await _http.GetAsync(path, portal.Cookies with { Access = null });

        Assert.Null(response.Cookie("access"));
        Assert.Null(response.Cookie("refresh"));
    }

    [Fact]
    public async Task The_renewed_token_says_what_is_true_now()
    {
        var person = await portal.NewPersonAsync("Old name");
        var cookies = await portal.SignInAgainAsync(person);
        await person.Http.PostAsync("/api/auth/update-user", new { name = "New name" });

        Assert.Equal("Old name", await (await _http.GetAsync("/api/me", cookies)).TextAsync("name"));
        var renewed = await _http.GetAsync("/api/me", cookies with { Access = null });

        Assert.Equal("New name", await renewed.TextAsync("name"));
    }

    [Fact]
    public async Task A_form_posted_after_the_access_token_ended_is_done_all_the_same()
    {
        var person = await portal.NewPersonAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(20));

        var response = await person.Http.PostAsync("/api/auth/update-user", new { name = "Later" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Later", Forge.Read(SessionCookies.Of(response).Access!)["name"]!.GetValue<string>());
        Assert.Equal(2, response.Headers.GetValues("Set-Cookie").Count());
    }

    [Theory]
    [InlineData("session ended")]
    [InlineData("version raised")]
    [InlineData("disabled")]
    [InlineData("deleted")]
    public async Task Who_may_no_longer_goes_no_further_and_their_cookies_are_cleared(string why)
    {
        var person = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(person);
        var sid = Guid.Parse(Forge.Read(cookies.Access!)["sid"]!.GetValue<string>());
        await portal.ExecuteAsync(
            why switch
            {
                "session ended" => """
                    insert into revocations (id, kind, user_id, sid, expires_at)
                    values (gen_random_uuid(), 'session', @Id, @sid, now() + interval '1 year')
                    """,
                "version raised" => "update users set session_version = session_version + 1 where id = @Id",
                "disabled" => "update users set disabled_at = now() where id = @Id",
                _ => "delete from users where id = @Id",
            },
            new { person.Id, sid });

        foreach (var held in (SessionCookies[])[cookies with { Access = null }, Aged(cookies, "past two thirds")])
        {
            var api = await _http.GetAsync("/api/me", held);
            Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
            Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(api));
            var page = await _http.GetAsync("/account", held);
            Assert.Equal("/sign-in?returnUrl=%2Faccount", page.Headers.Location?.OriginalString);
            Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(page));
        }

        var events = await portal.ListAsync<Guid>(
            "select sid from audit_events join audit_details using (seq) where type = 'renewal-refused' and user_id = @Id",
            new { person.Id });

        // Once, however often it is tried: the rest is counted. Of somebody deleted nothing personal is kept again.
        Guid[] none = [];
        Assert.Equal(why == "deleted" ? none : [sid], events);
    }

    [Fact]
    public async Task Sixteen_renewals_at_once_are_sixteen_successes_of_one_session()
    {
        var cookies = await FreshAsync();

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => _http.GetAsync("/api/me", cookies with { Access = null })));

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        var tokens = responses.Select(r => Forge.Read(SessionCookies.Of(r).Access!)).ToList();
        Assert.Equal([Forge.Read(cookies.Access!)["sid"]!.GetValue<string>()],
            tokens.Select(t => t["sid"]!.GetValue<string>()).Distinct());
        Assert.Equal(16, tokens.Select(t => t["jti"]!.GetValue<string>()).Distinct().Count());
        foreach (var each in responses.Select(SessionCookies.Of))
            Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", each with { Access = null })).StatusCode);
    }

    /// <summary>Ada's session with an access token of now: renewing costs no hash, as signing in would.</summary>
    private async Task<SessionCookies> FreshAsync() =>
        SessionCookies.Of(await _http.GetAsync("/api/me", portal.Cookies with { Access = null }));

    private long Now => portal.Time.GetUtcNow().ToUnixTimeSeconds();

    private SessionCookies Aged(SessionCookies cookies, string state)
    {
        portal.Time.Advance(TimeSpan.FromMinutes(state switch { "expired" => 16, "past two thirds" => 10, _ => 0 }));
        return state switch
        {
            "missing" => cookies with { Access = null },
            "empty" => cookies with { Access = "" },
            "unreadable" => cookies with { Access = "x.y.z" },
            _ => cookies,
        };
    }
}
