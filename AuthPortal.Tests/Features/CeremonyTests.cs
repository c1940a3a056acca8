using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// What is half done belongs to the session or the half-done sign-in that began it: nobody else finishes it, whoever's
/// account it is for, and after ten minutes nobody does.
/// </summary>
public sealed class CeremonyTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string Page = "/account/security/authenticator";

    [Fact]
    public async Task An_app_is_finished_by_the_session_that_began_it_and_by_no_other_of_its_person()
    {
        var ada = await portal.NewPersonAsync();
        var other = portal.Program();
        await other.SignInAsync(ada.Email);
        var begun = await ada.Http.TwoFactorAsync("enable", new { });
        var (app, cookie) = (App.Of(await begun.JsonAsync()), begun.Cookie("authenticator-setup")!.Split(';')[0]);
        other.DefaultRequestHeaders.Add("Cookie", cookie);

        foreach (var what in (string[])["verify-totp", "get-totp-uri"])
        {
            var refused = await other.TwoFactorAsync(what, new { code = app.CodeAt(Now) });
            Assert.Equal("TOTP_NOT_ENABLED", await refused.TextAsync("code"));
        }

        var done = await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.StartsWith("__Host-authportal.authenticator-setup=;", done.Cookie("authenticator-setup"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_shows_another_key_each_time_it_is_opened_and_the_same_one_after_a_wrong_code()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync(Page);
        var seenBefore = Phone.SetUpFrom(browser, portal.Time).Key;

        await browser.OpenAsync(Page);

        var phone = Phone.SetUpFrom(browser, portal.Time);
        Assert.NotEqual(seenBefore, phone.Key);
        await browser.SubmitAsync("Turn it on", ("Code", "000000"));
        Assert.Equal(phone, Phone.SetUpFrom(browser, portal.Time));
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.Equal("Keep your recovery codes", browser.Heading);
    }

    [Fact]
    public async Task A_key_is_over_after_ten_minutes_and_the_page_says_so_and_shows_another()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync(Page);
        var phone = Phone.SetUpFrom(browser, portal.Time);

        portal.Time.Advance(TimeSpan.FromMinutes(11));
        var tab = browser.NewTab(); // the sign-in is too old by now, and the session stays the same
        await tab.OpenAsync("/step-up?returnUrl=/account");
        await tab.SubmitAsync("Continue", ("Password", Api.Password));
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.StartsWith("That took more than ten minutes, so there is a new key.", browser.Summary, StringComparison.Ordinal);
        Assert.NotEqual(phone.Key, Phone.SetUpFrom(browser, portal.Time).Key);
    }

    [Fact]
    public async Task The_page_does_not_go_on_with_what_a_program_began_in_the_same_session()
    {
        var ada = await portal.NewPersonAsync();
        var seen = await ada.Http.EnableAsync();

        var page = await ada.Http.GetStringAsync("/account/security/authenticator");

        Assert.DoesNotContain(seen.Secret, page.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_refused_after_ten_minutes_and_begins_again()
    {
        var ada = await portal.NewPersonAsync();
        var late = await ada.Http.EnableAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(11));

        var refused = await ada.Http.TwoFactorAsync("verify-totp", new { code = late.CodeAt(Now) });
        Assert.Equal("TOTP_NOT_ENABLED", await refused.TextAsync("code"));
        await ada.Http.SignInAsync(ada.Email);
        var app = await ada.Http.EnableAsync();
        Assert.NotEqual(late.Secret, app.Secret);
        var done = await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task What_one_half_done_sign_in_began_is_not_finished_by_another()
    {
        var ada = await portal.NewPersonAsync();
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var browser = strict.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(ada.Email);
        var phone = Phone.SetUpFrom(browser, portal.Time);

        // The same browser, the same person, the same cookie of the app: but a new sign-in.
        var again = browser.NewTab();
        await again.OpenAsync("/sign-in");
        await again.SignInAsync(ada.Email);

        Assert.NotEqual(phone.Key, Phone.SetUpFrom(again, portal.Time).Key);
        await again.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.NotEqual("Keep your recovery codes", again.Heading);
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from totp_credentials where user_id = @Id", new { ada.Id }));
    }

    [Theory]
    [InlineData("another session of hers", "CHALLENGE_NOT_FOUND")]
    [InlineData("somebody else's session", "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY")]
    public async Task A_passkey_is_made_by_the_session_that_began_it_alone(string other, string code)
    {
        var (ada, eve) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Eve"));
        var asked = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options");
        var made = new SoftwareAuthenticator().Create(await asked.JsonAsync());
        var session = await portal.SignInAgainAsync(other == "another session of hers" ? ada : eve);

        var request = Visit.Request(
            HttpMethod.Post,
            "/api/auth/passkey/verify-registration",
            ("Cookie", $"{session}; {asked.Cookie("passkey-registration")!.Split(';')[0]}"),
            ("Origin", Portal.Url));
        request.Content = JsonContent.Create(new JsonObject { ["response"] = made.DeepClone() });
        var refused = await portal.Stranger().SendAsync(request);

        Assert.Equal(code, await refused.TextAsync("code"));
        var answer = await ada.Http.PasskeyAsync("verify-registration", new JsonObject { ["response"] = made });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();
}
