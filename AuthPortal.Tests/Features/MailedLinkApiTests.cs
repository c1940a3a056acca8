using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What programs meet: Better Auth's contract for reset and verification.</summary>
public sealed class MailedLinkApiTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    private const string NewPassword = "staple battery horse";

    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task A_program_with_a_page_of_its_own_is_handed_the_token_and_resets_with_it()
    {
        var ada = await portal.NewPersonAsync();
        var asked = await _http.PostAsync(
            "/api/auth/request-password-reset", new { email = ada.Email, redirectTo = "/reset?step=2" });
        Assert.Equal(
            "If this email exists in our system, check your email for the reset link", await asked.TextAsync("message"));
        var link = (await portal.MailToAsync(ada.Email))[^1].Link;
        Assert.StartsWith("/api/auth/reset-password/", link, StringComparison.Ordinal);

        var handedOn = await _http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Redirect, handedOn.StatusCode);
        Assert.Equal("no-referrer", handedOn.Header("Referrer-Policy"));
        var location = handedOn.Header("Location")!;
        Assert.StartsWith($"{Portal.Url}/reset?step=2&token=", location, StringComparison.Ordinal);

        var token = location.Split("token=")[1];
        var tooShort = await _http.PostAsync("/api/auth/reset-password", new { newPassword = "short", token });
        Assert.Equal("PASSWORD_TOO_SHORT", await tooShort.TextAsync("code"));
        var reset = await _http.PostAsync($"/api/auth/reset-password?token={token}", new { newPassword = NewPassword });
        Assert.Equal("""{"status":true}""", await reset.Content.ReadAsStringAsync());
        Assert.Null(reset.Cookie("access"));

        var spent = await _http.GetAsync(link);
        Assert.Equal($"{Portal.Url}/reset?step=2&error=INVALID_TOKEN", spent.Header("Location"));
    }

    [Theory]
    [InlineData("/api/auth/reset-password/nope?callbackURL=%2Freset", "https://portal.test/reset?error=INVALID_TOKEN")]
    [InlineData("/api/auth/reset-password/nope?callbackURL=", "https://portal.test/api/auth/error?error=INVALID_TOKEN")]
    [InlineData("/api/auth/verify-email?token=nope&callbackURL=%2Fx", "https://portal.test/x?error=INVALID_TOKEN")]
    public async Task A_bad_link_is_handed_on_as_such(string link, string location)
    {
        var response = await _http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(location, response.Header("Location"));
    }

    [Theory]
    [InlineData("/api/auth/reset-password/nope", HttpStatusCode.BadRequest, "VALIDATION_ERROR")]
    [InlineData("/api/auth/verify-email", HttpStatusCode.BadRequest, "VALIDATION_ERROR")]
    [InlineData("/api/auth/verify-email?token=nope", HttpStatusCode.Unauthorized, "INVALID_TOKEN")]
    [InlineData("/api/auth/reset-password/nope?callbackURL=https%3A%2F%2Fevil.test", HttpStatusCode.Forbidden, "INVALID_CALLBACK_URL")]
    [InlineData("/api/auth/reset-password/nope?callbackURL=%2F%2Fevil.test", HttpStatusCode.Forbidden, "INVALID_CALLBACK_URL")]
    [InlineData("/api/auth/verify-email?token=nope&callbackURL=https%3A%2F%2Fevil.test", HttpStatusCode.Forbidden, "INVALID_CALLBACK_URL")]
    [InlineData("/api/auth/verify-email?token=nope&callbackURL=%2F%5Cevil.test", HttpStatusCode.Forbidden, "INVALID_CALLBACK_URL")]
    public async Task What_cannot_be_handed_on_is_refused(string link, HttpStatusCode status, string code)
    {
        var response = await _http.GetAsync(link);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, await response.TextAsync("code"));
    }

    [Theory]
    [InlineData("/api/auth/request-password-reset", "redirectTo", "INVALID_REDIRECT_URL")]
    [InlineData("/api/auth/send-verification-email", "callbackURL", "INVALID_CALLBACK_URL")]
    [InlineData("/api/auth/sign-up/email", "callbackURL", "INVALID_CALLBACK_URL")]
    public async Task No_mail_leads_back_to_another_site(string path, string member, string code)
    {
        var body = new Dictionary<string, string>
        {
            ["email"] = Api.NewEmail(),
            ["name"] = "Ada",
            ["password"] = Api.Password,
            [member] = "https://evil.test/",
        };
        var response = await _http.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(code, await response.TextAsync("code"));
    }

    [Fact]
    public async Task A_link_that_confirms_leads_a_program_by_way_of_the_page_back_to_it()
    {
        var ada = await portal.NewPersonAsync();
        await portal.WaitForTheNextMailAsync();
        await _http.PostAsync("/api/auth/send-verification-email", new { email = ada.Email, callbackURL = "/developers" });
        var link = (await portal.MailToAsync(ada.Email))[^1].Link;
        Assert.EndsWith("&returnUrl=%2Fdevelopers", link, StringComparison.Ordinal);
        var token = link.Split("token=")[1].Split('&')[0];

        var response = await _http.GetAsync($"/api/auth/verify-email?token={token}&callbackURL=%2Fdevelopers");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal($"{Portal.Url}{link}", response.Header("Location"));
    }

    [Fact]
    public async Task Who_is_signed_in_asks_for_oneself_alone_and_only_while_there_is_something_to_confirm()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        const string Path = "/api/auth/send-verification-email";

        var others = await _http.SendAsync(HttpMethod.Post, Path, ada.AccessToken, new { email = grace.Email });
        Assert.Equal("EMAIL_MISMATCH", await others.TextAsync("code"));
        var own = await _http.SendAsync(HttpMethod.Post, Path, ada.AccessToken, new { email = ada.Email });
        Assert.Equal("""{"status":true}""", await own.Content.ReadAsStringAsync());
        await portal.ConfirmAddressAsync(ada);
        var again = await _http.SendAsync(HttpMethod.Post, Path, ada.AccessToken, new { email = ada.Email });
        Assert.Equal("EMAIL_ALREADY_VERIFIED", await again.TextAsync("code"));
    }

    [Fact]
    public async Task Without_mail_both_say_so()
    {
        var silent = portal.Sibling(p => p.Settings["Mail:Host"] = null).Stranger();

        var reset = await silent.PostAsync("/api/auth/request-password-reset", new { email = Api.NewEmail() });
        Assert.Equal("RESET_PASSWORD_DISABLED", await reset.TextAsync("code"));
        var verify = await silent.PostAsync("/api/auth/send-verification-email", new { email = Api.NewEmail() });
        Assert.Equal("VERIFICATION_EMAIL_NOT_ENABLED", await verify.TextAsync("code"));
    }
}
