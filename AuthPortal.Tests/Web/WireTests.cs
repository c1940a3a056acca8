using System.Net;
using System.Net.Http.Json;
using System.Text;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What only a real server shows: headers byte by byte, and the limits of Kestrel.</summary>
[Collection(ServedPortalOfAda.Run)]
public sealed class WireTests(ServedPortalOfAda served)
{
    private readonly HttpClient _http = served.Stranger();

    [Theory]
    [InlineData("/ünïcode")]
    [InlineData("/%C3%BC")]
    [InlineData("/a b")]
    [InlineData("/\u2028")]
    public async Task Where_a_sign_in_leads_is_always_something_a_header_can_say(string callback)
    {
        var json = await PostAsync(
            "/api/auth/sign-in/email",
            JsonContent.Create(new { email = served.Ada.Email, password = Api.Password, callbackURL = callback }));
        Assert.Equal(HttpStatusCode.OK, json.StatusCode);
        Assert.Equal(callback, await json.TextAsync("url"));
        Assert.True(Ascii.IsValid(json.Headers.Location!.OriginalString));

        var browser = served.Browser();
        await browser.OpenAsync($"/sign-in?returnUrl={Uri.EscapeDataString(callback)}");
        await browser.SubmitAsync("Sign in", ("Email", served.Ada.Email), ("Password", Api.Password));
        Assert.Equal(HttpStatusCode.NotFound, browser.Status); // nothing is there, and we were sent there
        Assert.Equal(new Uri(browser.Url, callback).AbsolutePath, browser.Url.AbsolutePath);
    }

    [Theory]
    [InlineData("/api/auth/sign-in/email", "application/json", "application/problem+json")]
    [InlineData("/api/auth/refresh", "application/json", "application/problem+json")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded", "text/html")]
    public async Task A_body_over_16_KB_is_refused_as_too_large(string path, string type, string answer)
    {
        foreach (var chunked in (bool[])[false, true])
        {
            var body = new ByteArrayContent(Encoding.ASCII.GetBytes("x=" + new string('x', 17 * 1024)));
            body.Headers.TryAddWithoutValidation("Content-Type", type);
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
            request.Headers.TransferEncodingChunked = chunked;

            var response = await _http.SendAsync(request);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal(answer, response.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("Authorization: Bearer {0}", 200)]
    [InlineData("Authorization: Bearer\t{0}", 401)]
    [InlineData("Authorization: Bearer {0}\r\nAuthorization: Bearer {0}", 401)]
    [InlineData("Authorization: Bearer {0}\r\nAUTHORIZATION: Basic YTpi", 401)]
    [InlineData("Authorization:", 401)]
    [InlineData("Authorization: Bearer \u00FC", 401)]
    [InlineData("Authorization: Bearer {0}\u00A0", 401)]
    [InlineData("Cookie: a=\u00FF; authportal.access={0}", 200)]
    [InlineData("Cookie: authportal.access=\"{0}\"", 401)]
    [InlineData("Cookie: authportal.access={0}\r\nCookie: authportal.access={0}", 401)]
    public async Task A_header_is_read_byte_by_byte(string headers, int status)
    {
        var answer = await served.SendRawAsync(
            "GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + $"{string.Format(null, headers, served.Ada.AccessToken)}\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
    }

    [Fact]
    public async Task A_header_of_31_KB_is_a_bad_token_like_any_other()
    {
        var answer = await served.SendRawAsync("GET /api/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + $"Authorization: Bearer {new string('a', 31_000)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401 ", answer);
        Assert.Contains("error=\"invalid_token\"", answer);
    }

    [Fact]
    public async Task A_NUL_in_a_path_is_a_bad_request()
    {
        var answer = await served.SendRawAsync(
            "GET /api/users/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + $"Authorization: Bearer {served.Ada.AccessToken}\r\n\r\n");

        Assert.Matches("^HTTP/1.1 40[04] ", answer);
    }

    private Task<HttpResponseMessage> PostAsync(string path, HttpContent body) =>
        _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = body });
}
