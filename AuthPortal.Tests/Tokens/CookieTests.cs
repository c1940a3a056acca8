using System.Net;
using System.Net.Http.Json;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>How the session's cookies are written and read.</summary>
public sealed class CookieTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private const string Attributes = "; path=/; secure; samesite=lax; httponly";

    private readonly HttpClient _http = portal.Stranger();

    public static TheoryData<string> Ways => ["sign-up", "sign-in", "renewal", "refresh", "update-user"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_remembered_sessions_cookies_live_as_long_as_their_tokens(string way)
    {
        var response = await AnswerAsync(way, rememberMe: true);

        AssertCookie(response, "access", $"; max-age=900{Attributes}");
        AssertCookie(response, "refresh", $"; max-age=604800{Attributes}");
        Assert.Equal("no-store", response.Header("Cache-Control"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_unremembered_sessions_cookies_end_with_the_browser(string way)
    {
        var response = await AnswerAsync(way, rememberMe: false);

        AssertCookie(response, "access", Attributes);
        AssertCookie(response, "refresh", Attributes);
    }

    [Theory]
    [InlineData("/api/auth/sign-out")]
    [InlineData("/api/auth/revoke-sessions")]
    public async Task They_are_cleared_with_the_attributes_they_were_set_with(string path)
    {
        var person = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(person);

        var response = await _http.PostAsync(path, cookies);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertCookie(response, "access", $"; max-age=0{Attributes}");
        AssertCookie(response, "refresh", $"; max-age=0{Attributes}");
        Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(response));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task No_body_or_other_header_holds_a_cookies_value(string way)
    {
        var response = await AnswerAsync(way, rememberMe: true);

        var cookies = SessionCookies.Of(response);
        var rest = string.Join('\n', response.Headers.Where(h => h.Key != "Set-Cookie").SelectMany(h => h.Value))
            + await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(cookies.Access!, rest);
        Assert.DoesNotContain(cookies.Refresh!, rest);
    }

    [Theory]
    [InlineData("/api/auth/token")]
    [InlineData("/api/auth/get-session")]
    [InlineData("/api/me")]
    [InlineData("/")]
    [InlineData("/account")]
    public async Task What_a_signed_in_browser_reads_never_holds_its_cookies(string path)
    {
        var response = await _http.GetAsync(path, portal.Cookies);

        var all = string.Join('\n', response.Headers.SelectMany(h => h.Value)) + await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(portal.Cookies.Access!, all);
        Assert.DoesNotContain(portal.Cookies.Refresh!, all);
    }

    [Fact]
    public async Task A_cookie_spelt_otherwise_is_not_ours()
    {
        var spelt = portal.Cookies.ToString().Replace("__Host-", "__HOST-");

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(spelt));
        Assert.Equal(HttpStatusCode.OK, await MeAsync($"{portal.Cookies}; __host-authportal.access=planted"));
        Assert.Equal(HttpStatusCode.OK, await MeAsync($"authportal.access=planted; {portal.Cookies}"));
    }

    [Fact]
    public async Task Of_two_cookies_with_one_name_neither_counts()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync($"{portal.Cookies}; {portal.Cookies}"));
        var access = portal.Cookies with { Refresh = null };
        foreach (var planted in (string[])["", ",x,", "\"", "a b", new string('x', 5_000)])
            Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync($"{access}; {SessionCookies.AccessName}={planted}"));
    }

    [Fact]
    public async Task Fifty_other_cookies_do_no_harm()
    {
        var others = string.Join("; ", Enumerable.Range(0, 50).Select(n => $"c{n}={new string('x', 100)}"));

        Assert.Equal(HttpStatusCode.OK, await MeAsync($"{others}; =; a; \u00FF=1;; {portal.Cookies}; {others}"));
    }

    [Fact]
    public async Task Over_plain_http_which_only_development_speaks_the_names_have_no_prefix()
    {
        const string Local = "http://localhost:5080";
        var development = portal.Sibling(sibling =>
        {
            sibling.Environment = Environments.Development;
            sibling.Settings["Portal:PublicUrl"] = Local;
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/sign-in/email")
        {
            Content = JsonContent.Create(new { email = portal.Ada.Email, password = Api.Password }),
        };

        var response = await development.Stranger().SendAsync(request);

        var set = response.Headers.GetValues("Set-Cookie").ToArray();
        Assert.Equal(3, set.Length);
        Assert.Matches("^authportal\\.access=[^;]+; max-age=900; path=/; samesite=lax; httponly$", set[0]);
        Assert.Matches("^authportal\\.refresh=[^;]+; max-age=604800; path=/; samesite=lax; httponly$", set[1]);
        Assert.Matches("^authportal\\.known=[^;]+; max-age=15552000; path=/; samesite=lax; httponly$", set[2]);
    }

    private async Task<HttpStatusCode> MeAsync(string cookie) =>
        (await _http.SendAsync(Visit.Request(HttpMethod.Get, "/api/me", ("Cookie", cookie)))).StatusCode;

    private async Task<HttpResponseMessage> AnswerAsync(string way, bool rememberMe)
    {
        if (way == "sign-up")
        {
            var body = new { name = "Ada", email = Api.NewEmail(), password = Api.Password, rememberMe };
            return (await _http.PostAsync("/api/auth/sign-up/email", body)).EnsureSuccessStatusCode();
        }

        var signIn = await _http.SignInAsync(portal.Ada.Email, rememberMe: rememberMe);
        var cookies = SessionCookies.Of(signIn);
        var response = way switch
        {
            "renewal" => await _http.GetAsync("/api/auth/get-session", cookies with { Access = null }),
            "refresh" => await _http.PostAsync("/api/auth/refresh", cookies),
            "update-user" => await _http.PostAsync("/api/auth/update-user", cookies, new { name = "Ada" }),
            _ => signIn,
        };
        return response.EnsureSuccessStatusCode();
    }

    private static void AssertCookie(HttpResponseMessage response, string name, string attributes)
    {
        var set = response.Headers.GetValues("Set-Cookie")
            .Where(c => c.StartsWith($"__Host-authportal.{name}=", StringComparison.Ordinal));
        Assert.Equal(attributes, Assert.Single(set)[(set.First().IndexOf(';'))..]);
    }
}
