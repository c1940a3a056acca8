using System.Net;
using System.Text;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>A form without its antiforgery token executes nothing, whatever it is and wherever it comes from.</summary>
public sealed class FormGuardTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly HttpClient _http = portal.Stranger();

    public static TheoryData<string> Forms =>
        ["/sign-in", "/sign-up", "/sign-out", "/account", "/account?handler=SignOutEverywhere"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_without_its_token_executes_nothing(string path)
    {
        foreach (var site in (string?[])[null, "same-origin", "cross-site"])
        {
            var body = $"Input.Email={portal.Ada.Email}&Input.Password={Api.Password}&Input.Name=Eve";
            var response = await PostAsync(path, body, Form, site);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("This page was open too long; please send it again", await response.Content.ReadAsStringAsync());
            Assert.Null(response.Cookie("access"));
        }

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", portal.Cookies)).StatusCode);
        Assert.Equal("Ada", await portal.ScalarAsync<string>("select name from users"));
    }

    [Theory]
    [InlineData("many keys", Form)]
    [InlineData("a long key", Form)]
    [InlineData("x", "multipart/form-data")]
    [InlineData("x", "multipart/form-data; boundary=")]
    [InlineData("--x\r\nContent-Disposition: nonsense\r\n\r\nx", "multipart/form-data; boundary=x")]
    [InlineData("Input[Email=x", Form)]
    [InlineData("Input.RememberMe=perhaps", Form)]
    [InlineData("{\"Input.Email\":\"a@b.c\"}", "application/json")]
    [InlineData("x", "text/plain")]
    [InlineData("%ff%00=%zz", Form)]
    [InlineData("", "nonsense")]
    public async Task A_body_that_is_no_form_is_refused_in_good_order(string what, string type)
    {
        var body = what switch
        {
            "many keys" => string.Join('&', Enumerable.Range(0, 2000).Select(n => $"k{n}=v")),
            "a long key" => new string('k', 5000) + "=v",
            _ => what,
        };

        foreach (var site in (string?[])[null, "same-origin"])
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/sign-in", body, type, site)).StatusCode);
    }

    [Fact]
    public async Task What_another_site_sent_is_not_shown_back()
    {
        var response = await PostAsync("/sign-in", "Input.Email=planted@evil.test", Form, "cross-site");

        Assert.DoesNotContain("planted@evil.test", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task One_persons_form_does_not_pass_under_anothers_cookies()
    {
        var grace = portal.Browser();
        await grace.OpenAsync("/sign-up");
        await grace.SubmitAsync(
            "Create account", ("Name", "Grace"), ("Email", Api.NewEmail()), ("Password", Api.Password));
        var request = grace.Request("Save profile");
        var csrf = grace.Response.RequestMessage!.Headers.TryGetValues("Cookie", out var sent)
            ? sent.SelectMany(c => c.Split("; ")).FirstOrDefault(c => c.StartsWith("__Host-authportal.csrf", StringComparison.Ordinal))
            : null;
        request.Headers.Add("Cookie", $"{portal.Cookies}; {csrf}");

        var response = await _http.SendAsync(request);

        Assert.NotNull(csrf);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_antiforgery_cookie_is_guarded_like_the_sessions()
    {
        var response = await _http.GetAsync("/sign-in");

        Assert.Matches("; path=/; secure; samesite=lax; httponly$", response.Cookie("csrf")!);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body, string type, string? site)
    {
        var request = Visit.Request(
            HttpMethod.Post, path, ("Cookie", portal.Cookies.ToString()), ("Sec-Fetch-Site", site));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return _http.SendAsync(request);
    }
}
