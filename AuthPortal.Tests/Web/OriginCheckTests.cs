using System.Net;
using System.Net.Http.Json;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>An unsafe method that comes with any cookie needs proof of the page it came from.</summary>
public sealed class OriginCheckTests(TrustingPortal portal) : IClassFixture<TrustingPortal>
{
    private static readonly string?[] Origins =
    [
        null, "null", Portal.Url, TrustingPortal.Friend, "https://evil.test", "http://portal.test", "HTTPS://PORTAL.TEST",
    ];

    private static readonly string?[] Sites = [null, "same-origin", "same-site", "cross-site", "none"];

    private readonly HttpClient _http = portal.Stranger();

    [Theory]
    [InlineData("/api/auth/sign-in/email", true)]
    [InlineData("/api/auth/sign-up/email", true)]
    [InlineData("/api/auth/two-factor/verify-totp", true)]
    [InlineData("/api/auth/two-factor/verify-backup-code", true)]
    [InlineData("/api/auth/update-user", false)]
    [InlineData("/api/auth/sign-out", false)]
    [InlineData("/api/auth/refresh", false)]
    [InlineData("/API/AUTH/Revoke-Sessions", false)]
    [InlineData("/api/auth/no-such-thing", false)]
    public async Task Of_all_combinations_exactly_those_with_proof_go_on(string path, bool startsSession)
    {
        var (expected, seen) = (new List<string>(), new List<string>());
        var combinations =
            from cookie in (string?[])[null, "theme=dark", portal.Cookies.ToString()]
            from authorization in (string?[])["Bearer x", "Basic x"]
            from origin in Origins
            from site in Sites
            select (cookie, authorization, origin, site);
        foreach (var (cookie, authorization, origin, site) in combinations)
        {
            var request = Visit.Request(
                HttpMethod.Post,
                path,
                ("Cookie", cookie),
                ("Authorization", authorization),
                ("Origin", origin),
                ("Sec-Fetch-Site", site));
            request.Content = JsonContent.Create(new { email = "no address", password = "x", name = "x" });
            var response = await _http.SendAsync(request);

            var words = $"cookie {cookie is not null}, {authorization}, origin {origin}, site {site}";
            if (response.StatusCode != HttpStatusCode.Forbidden)
                seen.Add(words);
            if (Proves(cookie is not null, startsSession, origin, site))
                expected.Add(words);
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_cookie_alone_changes_nothing()
    {
        var request = Visit.Request(
            HttpMethod.Post,
            "/api/auth/update-user",
            ("Cookie", portal.Cookies.ToString()),
            ("Origin", "https://evil.test"));
        request.Content = JsonContent.Create(new { name = "Eve" });

        var response = await _http.SendAsync(request);

        Assert.Equal("INVALID_ORIGIN", await response.TextAsync("code"));
        Assert.Equal("Ada", await portal.ScalarAsync<string>("select name from users"));
    }

    [Theory]
    [InlineData(null, "https://portal.test/sign-in?x=1", "")]
    [InlineData(null, "https://evil.test/https://portal.test/", "INVALID_ORIGIN")]
    [InlineData(null, "https://portal.test.evil.test/", "INVALID_ORIGIN")]
    [InlineData(null, "https://portal.test@evil.test/", "INVALID_ORIGIN")]
    [InlineData(null, "http://xn--a-\u00df.test/", "MISSING_OR_NULL_ORIGIN")]
    [InlineData(null, "about:blank", "MISSING_OR_NULL_ORIGIN")]
    [InlineData(null, "/sign-in", "MISSING_OR_NULL_ORIGIN")]
    [InlineData("null", "https://portal.test/", "MISSING_OR_NULL_ORIGIN")]
    [InlineData("https://evil.test", "https://portal.test/", "INVALID_ORIGIN")]
    public async Task Without_an_Origin_the_page_in_Referer_counts(string? origin, string referer, string code)
    {
        var request = Visit.Request(
            HttpMethod.Post,
            "/api/auth/update-user",
            ("Cookie", portal.Cookies.ToString()),
            ("Origin", origin),
            ("Referer", referer));
        request.Content = JsonContent.Create(new { image = (string?)null });

        var response = await _http.SendAsync(request);

        var refused = response.IsSuccessStatusCode ? "" : await response.TextAsync("code");
        Assert.Equal(code, refused);
    }

    [Fact]
    public async Task A_token_in_the_header_and_no_cookie_need_no_proof()
    {
        var request = Visit.Request(
            HttpMethod.Post,
            "/api/auth/update-user",
            ("Authorization", $"Bearer {portal.Ada.AccessToken}"),
            ("Origin", "https://evil.test"));
        request.Content = JsonContent.Create(new { image = (string?)null });

        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_safe_method_needs_none_and_no_header_turns_it_into_another(string method)
    {
        var request = Visit.Request(
            new HttpMethod(method),
            "/api/auth/sign-out",
            ("Cookie", portal.Cookies.ToString()),
            ("Origin", "https://evil.test"),
            ("X-HTTP-Method-Override", "POST"),
            ("X-Method-Override", "POST"));

        Assert.Equal(HttpStatusCode.NotFound, (await _http.SendAsync(request)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", portal.Cookies)).StatusCode);
    }

    [Fact]
    public async Task A_form_on_another_site_is_told_what_it_looks_like()
    {
        var request = Visit.Request(
            HttpMethod.Post,
            "/api/auth/sign-in/email",
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"));

        var response = await _http.SendAsync(request);

        Assert.Equal("CROSS_SITE_NAVIGATION_LOGIN_BLOCKED", await response.TextAsync("code"));
    }

    /// <summary>The rule as the contract has it: a present Origin alone decides, then Sec-Fetch-Site.</summary>
    private static bool Proves(bool hasCookie, bool startsSession, string? origin, string? site)
    {
        if (!hasCookie && !startsSession)
            return true;
        if (origin is not (null or "null"))
            return origin is Portal.Url or TrustingPortal.Friend;
        if (site == "same-origin" || (site == "none" && origin is null))
            return true;
        return !hasCookie && origin is null && site != "cross-site";
    }
}

/// <summary>A portal that trusts the pages of one other origin.</summary>
public sealed class TrustingPortal : PortalOfAda
{
    public const string Friend = "https://app.friend.test";

    public TrustingPortal() => Settings["Portal:TrustedOrigins:0"] = Friend;
}
