using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What browsers are told, on every answer there is. (429: <c>PasskeyThrottleTests</c>; 503: <c>OutageTests</c>.)</summary>
public sealed class SecurityHeaderTests(TrustingPortal portal) : IClassFixture<TrustingPortal>
{
    private const string Json = "application/json";

    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task Every_route_by_every_method_is_guarded_for_a_stranger_and_for_who_is_signed_in()
    {
        string[] ending = ["sign-out", "revoke", "delete"];
        var person = await portal.NewPersonAsync("Grace");
        var own = portal.Endpoints()
            .Where(endpoint => !ending.Any(word => endpoint.Pattern().Contains(word, StringComparison.Ordinal)))
            .SelectMany(endpoint => endpoint.Requests())
            .Select(request => As(person, request));
        var seen = new SortedSet<int>();
        foreach (var request in portal.Endpoints().SelectMany(endpoint => endpoint.Requests()).Concat(own))
        {
            var answer = await _http.SendAsync(request);
            answer.AssertGuarded();
            seen.Add((int)answer.StatusCode);
        }

        Assert.Superset(new SortedSet<int> { 200, 204, 302, 400, 401, 404 }, seen);
    }

    [Fact]
    public async Task A_file_says_one_thing_about_being_kept_and_a_page_is_kept_nowhere()
    {
        var page = await _http.GetAsync("/sign-in");
        var file = await _http.GetAsync("/portal.css");

        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.DoesNotContain("no-store", file.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_is_every_failure()
    {
        var cookies = portal.Cookies.ToString();
        var files = await _http.GetAsync("/portal.css");
        HttpRequestMessage[] failing =
        [
            Visit.Request(HttpMethod.Get, "/portal.css", ("If-None-Match", $"{files.Headers.ETag}")),
            Visit.Request(HttpMethod.Get, "/portal.css", ("Range", "bytes=999999-")),
            Visit.Request(HttpMethod.Get, "/.well-known/jwks.json", ("If-None-Match", "*")),
            Visit.Request(HttpMethod.Get, "/api/me", ("Authorization", "Basic x")),
            Visit.Request(HttpMethod.Post, "/api/auth/sign-out", ("Cookie", cookies), ("Origin", "https://evil.test")),
            Visit.Request(HttpMethod.Options, "/api/me", ("Origin", TrustingPortal.Friend),
                ("Access-Control-Request-Method", "GET")),
            Visit.Request(HttpMethod.Post, "/.well-known/jwks.json"),
            Visit.Request(HttpMethod.Post, "/sign-in"),
            Visit.Request(HttpMethod.Put, "/portal.css"),
            Visit.Request(HttpMethod.Get, "/.git/config"),
            Visit.Request(HttpMethod.Get, "/api/auth/verify", ("Cookie", cookies)),
        ];
        var answers = await Task.WhenAll(failing.Select(request => _http.SendAsync(request)));
        string[] paths = ["/api/auth/sign-in/email", "/api/auth/refresh", "/sign-in"];
        answers =
        [
            .. answers,
            .. await Task.WhenAll(paths.Select(path => _http.PostRawAsync(path, new byte[17 * 1024], Json))),
            .. await Task.WhenAll(paths.Select(path => _http.PostRawAsync(path, "{"u8.ToArray(), Json))),
            .. await Task.WhenAll(paths.Select(path => _http.PostRawAsync(path, "{}"u8.ToArray(), "text/plain"))),
        ];

        Assert.All(answers, answer => answer.AssertGuarded());
        var seen = answers.Select(answer => (int)answer.StatusCode).Distinct().Order();
        Assert.Equal([204, 304, 400, 401, 403, 404, 413, 415, 416], seen.Except([200]));
    }

    [Fact]
    public async Task A_fault_of_our_own_tells_nothing_of_itself_and_is_guarded_too()
    {
        await portal.ExecuteAsync("alter table audit_details rename to away");
        var page = await _http.GetAsync("/account/activity", portal.Cookies);
        var program = await _http.SignInAsync(portal.Ada.Email);
        await portal.ExecuteAsync("alter table away rename to audit_details");

        foreach (var answer in (HttpResponseMessage[])[page, program])
        {
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            answer.AssertGuarded();
            var body = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("audit", body, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
            Assert.Null(answer.Cookie("access"));
        }
    }

    [Fact]
    public async Task What_may_run_and_load_is_named_and_nothing_is_called_unsafe()
    {
        var policy = (await _http.GetAsync("/sign-in")).Header("Content-Security-Policy")!;

        Assert.Equal(
            [
                "default-src 'none'", "style-src 'self'", "script-src 'self'", "connect-src 'self'", "img-src 'self'",
                "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
                "trusted-types 'none'", $"form-action 'self' {TrustingPortal.Friend}",
            ],
            policy.Split("; "));
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/api/auth/jwks")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/revocations")]
    public async Task What_verifiers_need_may_be_read_by_every_page_and_without_cookies(string path)
    {
        var answer = await _http.SendAsync(Visit.Request(HttpMethod.Get, path, ("Origin", "https://spa.test")));

        Assert.Equal("cross-origin", answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/me")]
    [InlineData("/portal.css")]
    [InlineData("/healthz/live")]
    public async Task Nothing_else_may(string path) => Assert.Equal(
        "same-origin", (await _http.GetAsync(path)).Header("Cross-Origin-Resource-Policy"));

    [Theory]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("BREW")]
    public async Task A_page_is_shown_by_no_method_but_its_own(string method)
    {
        foreach (var path in (string[])["/", "/sign-in", "/account", "/healthz/live", "/portal.css", "/api/me"])
        {
            var request = Visit.Request(new HttpMethod(method), path, ("Cookie", $"{portal.Cookies}; canary=1"));
            request.Headers.Add("Origin", Portal.Url);
            var answer = await _http.SendAsync(request);

            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("canary", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_signs_out_leaves_nothing_in_the_browser_but_what_it_knows_the_device_by()
    {
        var person = await portal.NewPersonAsync();

        var answer = await _http.PostAsync("/api/auth/sign-out", await portal.SignInAgainAsync(person));

        Assert.Equal("\"cache\", \"storage\"", answer.Header("Clear-Site-Data"));
        Assert.Null((await _http.GetAsync("/sign-in")).Header("Clear-Site-Data"));
    }

    private static HttpRequestMessage As(Person person, HttpRequestMessage request)
    {
        request.Headers.Add("Authorization", $"Bearer {person.AccessToken}");
        return request;
    }
}
