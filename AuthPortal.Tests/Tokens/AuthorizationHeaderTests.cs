using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>A request has one credential: a header that is there and bad never falls back to the cookie.</summary>
public sealed class AuthorizationHeaderTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    private readonly HttpClient _http = portal.Stranger();

    public static TheoryData<string> Malformed =>
    [
        "Bearer", "Bearer ", "Bearer  x", "Bearer x y", "Bearer:{0}", "Bearer={0}", "Bearer{0}", "{0}",
        "Bearer {0} {0}", "Bearer {0}, Bearer {0}", "Bearer {0},{0}", "Bearer \"{0}\"", "Bearer token={0}", "Token {0}",
        "Basic {0}", "Basic YTpi", "Digest username=\"a\"", "Negotiate {0}", "DPoP {0}", "Bearer ünïcode", "ünïcode",
        "Bearer {0}\u00A0", "Bearer null", "Bearer undefined", "Bearer %20{0}", "{{\"token\":\"{0}\"}}", "31 KB",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_not_one_bearer_token_is_refused_whatever_cookie_comes_along(string header)
    {
        var value = header == "31 KB"
            ? $"Bearer {new string('a', 31_000)}"
            : string.Format(null, header, portal.Ada.AccessToken);

        await AssertNobodyAsync(("Authorization", value));
        await AssertNobodyAsync(("Authorization", value), ("Cookie", portal.Cookies.ToString()));
    }

    [Fact]
    public async Task Two_headers_are_none_even_where_both_are_good()
    {
        await AssertNobodyAsync(
            ("Authorization", $"Bearer {portal.Ada.AccessToken}"), ("Authorization", $"Bearer {portal.Ada.AccessToken}"));
        await AssertNobodyAsync(
            ("Authorization", $"Bearer {portal.Ada.AccessToken}"),
            ("Authorization", "Basic YTpi"),
            ("Cookie", portal.Cookies.ToString()));
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("BEARER {0}")]
    public async Task The_scheme_is_read_in_any_letter_case(string header) // RFC 9110 §11.1
    {
        var value = string.Format(null, header, portal.Ada.AccessToken);

        var response = await _http.SendAsync(Visit.Request(HttpMethod.Get, "/api/me", ("Authorization", value)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_good_header_wins_over_another_persons_cookie()
    {
        var other = await portal.NewPersonAsync("Grace");
        var request = Visit.Request(
            HttpMethod.Get,
            "/api/me",
            ("Authorization", $"Bearer {other.AccessToken}"),
            ("Cookie", portal.Cookies.ToString()));

        Assert.Equal("Grace", await (await _http.SendAsync(request)).TextAsync("name"));
    }

    [Fact]
    public async Task Without_any_credential_the_answer_names_the_scheme_and_no_error() // RFC 6750 §3.1
    {
        var response = await _http.GetAsync("/api/me");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Header("WWW-Authenticate"));
    }

    private async Task AssertNobodyAsync(params (string, string?)[] headers)
    {
        foreach (var path in (string[])["/api/me", "/api/auth/token", "/api/auth/verify", "/account"])
        {
            var response = await _http.SendAsync(Visit.Request(HttpMethod.Get, path, headers));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer error=\"invalid_token\"", response.Header("WWW-Authenticate"));
            Assert.Null(response.Header("Set-Cookie"));
        }

        var session = await _http.SendAsync(Visit.Request(HttpMethod.Get, "/api/auth/get-session", headers));
        Assert.Equal("null", await session.Content.ReadAsStringAsync());
        var home = await _http.SendAsync(Visit.Request(HttpMethod.Get, "/", headers));
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
        Assert.DoesNotContain("Ada", await home.Content.ReadAsStringAsync());
    }
}
