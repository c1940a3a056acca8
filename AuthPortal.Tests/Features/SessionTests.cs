using System.Net;
using System.Net.Http.Json;
using AuthPortal.Tests.Support;
using AuthPortal.Tests.Tokens;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What signing in and asking for one's session answer.</summary>
public sealed class SessionTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task Every_sign_in_is_a_session_of_its_own_whatever_the_browser_brought_along()
    {
        var response = await _http.PostAsync(
            "/api/auth/sign-in/email", portal.Cookies, new { email = portal.Ada.Email, password = Api.Password });

        var fresh = SessionCookies.Of(response);
        Assert.NotEqual(Claim(portal.Cookies.Access!, "sid"), Claim(fresh.Access!, "sid"));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", portal.Cookies)).StatusCode);
    }

    [Fact]
    public async Task Cookies_body_and_header_hold_the_same_session_in_tokens_of_their_own()
    {
        var response = await _http.SignInAsync(portal.Ada.Email);

        var cookies = SessionCookies.Of(response);
        string[] tokens =
            [cookies.Access!, cookies.Refresh!, await response.TextAsync("token"), response.Header("set-auth-token")!];
        Assert.Single(tokens.Select(t => Claim(t, "sid")).Distinct());
        Assert.Equal(4, tokens.Select(t => Claim(t, "jti")).Distinct().Count());
    }

    [Fact]
    public async Task A_browser_is_not_told_its_refresh_token()
    {
        var request = Visit.Request(
            HttpMethod.Post, "/api/auth/sign-in/email", ("Origin", Portal.Url), ("Sec-Fetch-Site", "same-origin"));
        request.Content = JsonContent.Create(new { email = portal.Ada.Email, password = Api.Password });

        var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("set-auth-token"));
    }

    [Fact]
    public async Task The_session_shown_is_a_handle_and_no_credential()
    {
        var response = await _http.GetAsync("/api/auth/get-session", portal.Cookies);

        var session = (await response.JsonAsync())["session"]!;
        var handle = session["token"]!.GetValue<string>();
        Assert.Equal(Claim(portal.Cookies.Access!, "sid"), handle);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/me", handle)).StatusCode);
        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.All(
            (string[])["expiresAt", "createdAt", "updatedAt"],
            date => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", session[date]!.GetValue<string>()));
    }

    private static string Claim(string token, string name) => Forge.Read(token)[name]!.GetValue<string>();
}
