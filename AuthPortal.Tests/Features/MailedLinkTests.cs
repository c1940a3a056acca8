using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>How long mailed links live, and where they lead.</summary>
public sealed class MailedLinkTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    [Fact]
    public async Task A_link_to_a_new_password_works_for_an_hour()
    {
        var ada = await portal.NewPersonAsync();
        var link = await ResetLinkAsync(ada.Email);

        portal.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(link)).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        await RefusedAsync(link, "/forgot-password");
    }

    [Fact]
    public async Task A_link_that_confirms_an_address_works_for_a_day()
    {
        var ada = await portal.NewPersonAsync();
        var link = (await portal.MailToAsync(ada.Email))[0].Link;

        portal.Time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(link)).StatusCode);
        portal.Time.Advance(TimeSpan.FromHours(0.2));
        await RefusedAsync(link, "/verify-email/resend");
    }

    [Fact]
    public async Task A_form_that_was_open_until_the_link_ran_out_is_refused()
    {
        var ada = await portal.NewPersonAsync();
        var browser = portal.Browser();
        await browser.OpenAsync(await ResetLinkAsync(ada.Email));
        portal.Time.Advance(TimeSpan.FromHours(2));

        await browser.SubmitAsync("Set password", ("New password", "staple battery horse"));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.StartsWith("This link no longer works", browser.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_link_a_minute_is_mailed_however_often_it_is_asked_for()
    {
        var ada = await portal.NewPersonAsync();
        for (var i = 0; i < 3; i++)
            await ResetLinkAsync(ada.Email);
        Assert.Equal(1, await ResetsMailedAsync(ada.Email));

        portal.Time.Advance(TimeSpan.FromSeconds(61));
        await ResetLinkAsync(ada.Email);
        Assert.Equal(2, await ResetsMailedAsync(ada.Email));
    }

    [Theory]
    [InlineData("Host", "evil.test")]
    [InlineData("X-Forwarded-Host", "evil.test")]
    [InlineData("X-Forwarded-Proto", "http")]
    [InlineData("Forwarded", "host=evil.test;proto=http")]
    [InlineData("X-Original-Host", "evil.test")]
    public async Task Links_lead_to_the_public_address_whatever_a_request_calls_us(string header, string value)
    {
        var email = Api.NewEmail();
        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/auth/sign-up/email", new { email, name = "Ada", password = Api.Password }),
            ("/api/auth/request-password-reset", new { email }),
        })
        {
            var request = Visit.Request(HttpMethod.Post, path, (header, value));
            request.Content = System.Net.Http.Json.JsonContent.Create(body);
            Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SendAsync(request)).StatusCode);
        }

        var mails = await portal.MailToAsync(email);
        Assert.Equal(2, mails.Count);
        Assert.All(mails, mail => Assert.Contains($"\n{Portal.Url}/", mail.TextBody, StringComparison.Ordinal));
        Assert.All(mails, mail => Assert.DoesNotContain("evil.test", mail.TextBody + mail.HtmlBody, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_goes_to_the_stored_address_however_it_was_typed()
    {
        var ada = await portal.NewPersonAsync();
        var odd = ada.Email.Replace("@", "\uFF20", StringComparison.Ordinal).ToUpperInvariant();

        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email = odd });

        Assert.Equal(1, await ResetsMailedAsync(ada.Email));
    }

    [Fact]
    public async Task Where_confirming_is_not_demanded_the_session_of_the_new_person_confirms_and_goes_on()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.OpenAsync((await portal.MailToAsync(email))[0].Link);

        await browser.SubmitAsync("Confirm my address");

        Assert.Contains($"{email} is confirmed.", browser.Text, StringComparison.Ordinal);
        await browser.OpenAsync("/api/me");
        Assert.Contains("\"emailVerified\":true", browser.Page.Source.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_of_whoever_opened_an_account_on_anothers_address_ends_when_its_owner_takes_it()
    {
        var attacker = await portal.NewPersonAsync("Eve");
        var owner = portal.Browser();
        await owner.OpenAsync((await portal.MailToAsync(attacker.Email))[0].Link);

        await owner.SubmitAsync("Set password and confirm", ("New password", "staple battery horse"));

        var http = portal.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", attacker.AccessToken)).StatusCode);
        var renewed = await http.PostAsync("/api/auth/refresh", new { refreshToken = attacker.RefreshToken });
        Assert.Equal(HttpStatusCode.Unauthorized, renewed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SignInAsync(attacker.Email)).StatusCode);
    }

    private async Task<string> ResetLinkAsync(string email)
    {
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email });
        return (await portal.MailToAsync(email))[^1].Link;
    }

    private async Task<int> ResetsMailedAsync(string email) =>
        (await portal.MailToAsync(email)).Count(mail => mail.Subject == "Choose a new password");

    private async Task RefusedAsync(string link, string wayOn)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.StartsWith("This link no longer works", browser.Summary, StringComparison.Ordinal);
        await browser.FollowAsync("Get a new link");
        Assert.Equal(wayOn, browser.Url.AbsolutePath);
    }
}
