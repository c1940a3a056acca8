using System.Net;
using System.Net.Sockets;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>A token that is wrong in anything is refused everywhere, in one and the same way.</summary>
public sealed class RefusalTests(UnpolledPortal portal) : IClassFixture<UnpolledPortal>
{
    private readonly HttpClient _http = portal.Stranger();
    private static string? _usual;
    private readonly Forge _forge = new(portal, portal.Ada.AccessToken);

    public static TheoryData<string> Names => [.. Forgeries.All.Keys];

    [Fact]
    public async Task An_unchanged_copy_is_accepted_so_the_refusals_below_mean_something()
    {
        var copy = _forge.Access();

        Assert.NotEqual(_forge.Good, copy);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", copy)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/account", new SessionCookies(copy, null))).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task In_a_header_it_is_refused_without_a_word_on_why(string forgery)
    {
        var token = Forgeries.All[forgery](_forge);

        await AssertRefusedAsync(await _http.SendAsync(Bearing(token, "/api/me")));
        await AssertRefusedAsync(await _http.SendAsync(Bearing(token, "/api/auth/token")));
        await AssertRefusedAsync(await _http.SendAsync(Bearing(token, "/account")));
        var session = await _http.SendAsync(Bearing(token, "/api/auth/get-session"));
        Assert.Equal("null", await session.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, session.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task In_a_cookie_it_is_refused_the_same_way_and_a_page_leads_to_sign_in(string forgery)
    {
        var forged = Forgeries.All[forgery](_forge);
        var cookies = new SessionCookies(forged, null);
        var answer = await _http.GetAsync("/api/me", cookies);

        // RFC 6265 §4.1.1: with a blank or a tab in it it is no cookie's value, so that no token came at all.
        if (forged.Any(char.IsWhiteSpace))
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        else
            await AssertRefusedAsync(answer);
        var page = await _http.GetAsync("/account", cookies);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2Faccount", page.Headers.Location!.OriginalString);
        var session = await _http.GetAsync("/api/auth/get-session", cookies);
        Assert.Equal("null", await session.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Beside_a_good_refresh_cookie_it_is_refused_or_replaced_but_never_used(string forgery)
    {
        var cookies = new SessionCookies(Forgeries.All[forgery](_forge), portal.Cookies.Refresh);

        var response = await _http.GetAsync("/api/me", cookies);

        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Unauthorized]);
        if (response.StatusCode == HttpStatusCode.OK)
            Assert.NotNull(response.Cookie("access"));
    }

    [Fact]
    public async Task Nothing_that_a_token_names_is_fetched()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var here = $"http://{listener.LocalEndpoint}";
        string[] tokens =
        [
            ForgedSignatures.Naming(_forge, "jku", here),
            ForgedSignatures.Naming(_forge, "x5u", here),
            _forge.Access(payload => payload["iss"] = here, header => header["jku"] = here),
        ];

        foreach (var token in tokens)
        {
            await AssertRefusedAsync(await _http.GetAsync("/api/me", token));
            await AssertRefusedAsync(await _http.GetAsync("/api/me", new SessionCookies(token, null)));
        }

        await portal.SettledAsync();
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_token_is_accepted_within_the_skew_and_refused_beyond_it()
    {
        var within = _forge.Access(p => p["exp"] = _forge.Now - 29);
        var beyond = _forge.Access(p => p["exp"] = _forge.Now - 31);

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", within)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/me", beyond)).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_is_no_access_token()
    {
        await AssertRefusedAsync(await _http.GetAsync("/api/me", portal.Ada.RefreshToken));
        await AssertRefusedAsync(await _http.GetAsync("/api/auth/verify", portal.Ada.RefreshToken));
        await AssertRefusedAsync(await _http.GetAsync("/account", portal.Ada.RefreshToken));
        await AssertRefusedAsync(await _http.GetAsync("/api/me", new SessionCookies(portal.Ada.RefreshToken, null)));
    }

    [Fact]
    public async Task The_list_of_revocations_is_no_access_token()
    {
        var list = await _http.GetStringAsync("/.well-known/revocations");

        await AssertRefusedAsync(await _http.GetAsync("/api/me", list));
        await AssertRefusedAsync(await _http.GetAsync("/api/me", new SessionCookies(list, null)));
    }

    public static TheoryData<string> NotRefreshTokens =>
        ["access", "access key", "other audience", "other typ", "other purpose", "expired", "no sid", "empty"];

    [Theory]
    [MemberData(nameof(NotRefreshTokens))]
    public async Task What_is_no_refresh_token_renews_nothing(string kind)
    {
        var token = NotRefreshToken(new Forge(portal, portal.Ada.RefreshToken), kind);

        var byBody = await _http.SendAsync(HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = token });
        var byCookie = await _http.GetAsync("/api/me", new SessionCookies(null, token));

        await AssertRefusedAsync(byBody);
        Assert.Equal(HttpStatusCode.Unauthorized, byCookie.StatusCode);
        Assert.Null(byCookie.Cookie("access"));
    }

    private string NotRefreshToken(Forge refresh, string kind) => kind switch
    {
        "access" => portal.Ada.AccessToken,
        "access key" => refresh.Access(header: h =>
            (h["alg"], h["kid"]) = ("ES256", refresh.Ring.AccessSigning.Kid)),
        "other audience" => refresh.OfPurpose("refresh", "refresh+jwt", p => p["aud"] = Portal.Url),
        "other typ" => refresh.OfPurpose("refresh", "at+jwt"),
        "other purpose" => refresh.OfPurpose("reset", "refresh+jwt"),
        "expired" => refresh.OfPurpose("refresh", "refresh+jwt", p => p["exp"] = refresh.Now - 40),
        "no sid" => refresh.OfPurpose("refresh", "refresh+jwt", p => p.Remove("sid")),
        _ => "",
    };

    private static HttpRequestMessage Bearing(string token, string path) =>
        Visit.Request(HttpMethod.Get, path, ("Authorization", $"Bearer {token}"));

    private async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        _usual ??= await (await _http.GetAsync("/api/me", "x")).Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", response.Header("WWW-Authenticate"));
        Assert.Equal(_usual, await response.Content.ReadAsStringAsync());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }
}
