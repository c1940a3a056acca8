using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Tests.Tokens;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>POST /api/auth/refresh, and where else a program's refresh token counts.</summary>
public sealed class RefreshTests(UnpolledPortal portal) : IClassFixture<UnpolledPortal>
{
    private const string Path = "/api/auth/refresh";

    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task By_cookie_it_sets_new_cookies_and_tells_a_script_no_refresh_token()
    {
        var response = await _http.PostAsync(Path, portal.Cookies);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var (body, set) = (await response.JsonAsync(), SessionCookies.Of(response));
        Assert.Null(body["refreshToken"]);
        Assert.Null(response.Header("set-auth-token"));
        Assert.Equal(SidOf(portal.Cookies.Access!), SidOf(set.Access!));
        Assert.Equal(SidOf(portal.Cookies.Access!), SidOf(body["token"]!.GetValue<string>()));
        Assert.NotEqual(set.Access, body["token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", body["token"]!.GetValue<string>())).StatusCode);
        Assert.Equal("no-store", response.Header("Cache-Control"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task By_body_or_by_header_it_answers_the_pair_and_sets_no_cookie(bool byBody)
    {
        var (header, body) = byBody
            ? ((string?)null, (object?)new { refreshToken = portal.Ada.RefreshToken })
            : (portal.Ada.RefreshToken, null);

        var response = await _http.SendAsync(HttpMethod.Post, Path, header, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("Set-Cookie"));
        var pair = await response.JsonAsync();
        var (access, refresh) = (pair["token"]!.GetValue<string>(), pair["refreshToken"]!.GetValue<string>());
        Assert.Equal(SidOf(portal.Ada.AccessToken), SidOf(access));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", pair["expiresAt"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", access)).StatusCode);
        var again = await _http.SendAsync(HttpMethod.Post, Path, null, new { refreshToken = refresh });
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task A_body_wins_over_an_expired_header_as_a_client_library_sends_both()
    {
        var forge = new Forge(portal, portal.Ada.AccessToken);
        var expired = forge.Access(p => p["exp"] = forge.Now - 100);

        var response = await _http.SendAsync(
            HttpMethod.Post, Path, expired, new { refreshToken = portal.Ada.RefreshToken });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_bad_header_never_falls_back_to_the_cookie()
    {
        var request = Visit.Request(
            HttpMethod.Post,
            Path,
            ("Cookie", portal.Cookies.ToString()),
            ("Origin", Portal.Url),
            ("Authorization", "Bearer x"));

        var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(response.Header("Set-Cookie"));
    }

    [Fact]
    public async Task Without_anything_to_refresh_by_it_is_refused()
    {
        foreach (var body in (object?[])[null, new { }, new { refreshToken = (string?)null }])
        {
            var response = await _http.SendAsync(HttpMethod.Post, Path, null, body);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("UNAUTHORIZED", await response.TextAsync("code"));
        }
    }

    [Fact]
    public async Task A_session_that_ended_is_refused_and_its_cookies_are_cleared()
    {
        var cookies = await portal.SignInAgainAsync(portal.Ada);
        await _http.PostAsync("/api/auth/sign-out", cookies);

        var byCookie = await _http.PostAsync(Path, cookies);
        var byBody = await _http.SendAsync(HttpMethod.Post, Path, null, new { refreshToken = cookies.Refresh });

        Assert.Equal(HttpStatusCode.Unauthorized, byCookie.StatusCode);
        Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(byCookie));
        Assert.Equal(HttpStatusCode.Unauthorized, byBody.StatusCode);
        Assert.Null(byBody.Header("Set-Cookie"));
    }

    [Fact]
    public async Task A_program_reads_its_session_and_a_token_by_its_refresh_token_and_nothing_else()
    {
        var session = await _http.GetAsync("/api/auth/get-session", portal.Ada.RefreshToken);
        Assert.Equal(portal.Ada.Email, (await session.JsonAsync())["user"]!["email"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/auth/token", portal.Ada.RefreshToken)).StatusCode);

        foreach (var path in (string[])["/api/me", $"/api/users/{portal.Ada.Id}", "/api/auth/verify", "/account"])
        {
            var response = await _http.GetAsync(path, portal.Ada.RefreshToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        foreach (var path in (string[])["/api/auth/update-user", "/api/auth/revoke-sessions"])
        {
            var response = await _http.SendAsync(HttpMethod.Post, path, portal.Ada.RefreshToken, new { name = "Ada" });
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_program_signs_out_by_its_refresh_token()
    {
        var person = await portal.NewPersonAsync();

        await _http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", person.RefreshToken);

        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/me", person.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/auth/token", person.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task What_is_copied_from_a_token_never_outlives_it()
    {
        var forge = new Forge(portal, portal.Ada.AccessToken);
        var end = forge.Now + 100;
        var nearItsEnd = forge.Access(p => p["exp"] = end);

        var token = await (await _http.GetAsync("/api/auth/token", nearItsEnd)).TextAsync("token");
        var session = await _http.GetAsync("/api/auth/get-session", nearItsEnd);
        var updated = await _http.SendAsync(HttpMethod.Post, "/api/auth/update-user", nearItsEnd, new { name = "Ada" });

        Assert.Equal(end, Expiry(token));
        Assert.Equal(end, Expiry(session.Header("set-auth-jwt")!));
        Assert.Equal(end, Expiry(updated.Header("set-auth-jwt")!));
    }

    private static long Expiry(string token) => Forge.Read(token)["exp"]!.GetValue<long>();

    private static string SidOf(string token) => Forge.Read(token)["sid"]!.GetValue<string>();
}
