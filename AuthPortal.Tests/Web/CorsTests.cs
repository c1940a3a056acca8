using System.Net;
using System.Net.Http.Json;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>Whose pages a browser lets read the API's answers.</summary>
public sealed class CorsTests(TrustingPortal portal) : IClassFixture<TrustingPortal>
{
    private readonly HttpClient _http = portal.Stranger();

    public static TheoryData<string> Strangers =>
    [
        "https://evil.test", "null", "https://app.friend.test.evil.test", "https://friend.test", "http://app.friend.test",
        "https://app.friend.test:8443", "https://APP.friend.test", "https://xapp.friend.test", "https://app.friend.test/",
        "https://portal.test.evil.test", "file://", "*", "https://app.friend.test, https://evil.test",
    ];

    [Fact]
    public async Task A_trusted_page_may_ask_before_it_posts()
    {
        var response = await PreflightAsync(TrustingPortal.Friend);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(TrustingPortal.Friend, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("POST", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal("Content-Type,Authorization", response.Header("Access-Control-Allow-Headers"));
        Assert.DoesNotContain("*", string.Join(' ', response.Headers.SelectMany(h => h.Value)));
    }

    [Theory]
    [InlineData("/api/me")]
    [InlineData("/api/auth/get-session")]
    [InlineData("/api/auth/no-such-thing")]
    public async Task A_trusted_page_reads_answers_and_the_headers_meant_for_it(string path)
    {
        var response = await GetAsync(path, TrustingPortal.Friend);

        Assert.Equal(TrustingPortal.Friend, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("set-auth-token", response.Header("Access-Control-Expose-Headers"));
        Assert.Contains("set-auth-jwt", response.Header("Access-Control-Expose-Headers"));
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task No_other_page_may_ask_or_read(string origin)
    {
        HttpResponseMessage[] answers =
            [await PreflightAsync(origin), await GetAsync("/api/me", origin), await GetAsync("/api/auth/get-session", origin)];
        foreach (var response in answers)
        {
            Assert.Null(response.Header("Access-Control-Allow-Origin"));
            Assert.Null(response.Header("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task Every_answer_of_the_api_varies_by_origin_so_that_no_cache_mixes_them_up()
    {
        var asked =
            from origin in (string?[])[null, Portal.Url, TrustingPortal.Friend, "https://evil.test"]
            from path in (string[])["/api/me", "/api/auth/get-session", "/api/auth/ok", "/api/none", "/api/auth/none"]
            select (origin, path);
        foreach (var (origin, path) in asked)
        {
            var response = await GetAsync(path, origin);
            Assert.Contains("Origin", response.Headers.Vary);
            Assert.Equal("no-store", response.Header("Cache-Control"));
        }
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_a_trusted_page_too()
    {
        var request = Visit.Request(HttpMethod.Post, "/api/auth/sign-in/email", ("Origin", TrustingPortal.Friend));
        request.Content = new StringContent("{", null, "application/json");

        var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(TrustingPortal.Friend, response.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Pages_and_what_is_public_are_not_opened_to_anybody()
    {
        foreach (var path in (string[])["/", "/sign-in", "/account", "/healthz/live"])
            Assert.Null((await GetAsync(path, TrustingPortal.Friend)).Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_browser_gets_no_refresh_token_in_a_header_not_even_on_a_trusted_page()
    {
        var request = Visit.Request(
            HttpMethod.Post, "/api/auth/sign-in/email", ("Origin", TrustingPortal.Friend), ("Sec-Fetch-Site", "cross-site"));
        request.Content = JsonContent.Create(new { email = portal.Ada.Email, password = Api.Password });

        var response = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("set-auth-token"));
        Assert.NotNull(response.Cookie("refresh"));
    }

    private Task<HttpResponseMessage> PreflightAsync(string origin) => _http.SendAsync(Visit.Request(
        HttpMethod.Options,
        "/api/auth/sign-in/email",
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type")));

    private Task<HttpResponseMessage> GetAsync(string path, string? origin) =>
        _http.SendAsync(Visit.Request(HttpMethod.Get, path, ("Origin", origin), ("Cookie", portal.Cookies.ToString())));
}
