using System.Net;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Who must confirm who they are comes back to what they had typed, but for what is secret.</summary>
public sealed class KeptFormTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private const string Authenticator = "/account/security/authenticator";
    private const string Cookie = "__Host-authportal.form";

    [Fact]
    public async Task With_an_authenticator_on_the_password_and_a_code_lead_back_to_the_form_as_it_was_typed()
    {
        var (browser, phone) = await EnrolledAsync();
        await TypeAddressAsync(browser, "new@example.com");
        Assert.Equal("Confirm it's you", browser.Heading);
        await browser.SubmitAsync("Continue", ("Password", Api.Password));
        Assert.Equal("Enter your code", browser.Heading);
        Assert.DoesNotContain("30 days", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Start again", browser.Text, StringComparison.Ordinal);
        await browser.SubmitAsync("Continue", ("Code", phone.Code));

        Assert.Equal("/account/email", browser.Url.AbsolutePath);
        Assert.Equal("new@example.com", browser.ValueOf("New email"));
        Assert.Equal("", browser.ValueOf("Current password"));
        await browser.ReloadAsync();
        Assert.Equal("", browser.ValueOf("New email"));
    }

    [Fact]
    public async Task A_ticked_box_comes_back_ticked_and_a_cleared_one_cleared_and_no_password_does()
    {
        foreach (var choice in (string[])["on", "off"])
        {
            var (browser, phone) = await EnrolledAsync();
            await browser.OpenAsync("/account/security");
            portal.Time.Advance(TimeSpan.FromMinutes(11));
            await browser.SubmitAsync(
                "Change password",
                ("Current password", Api.Password), ("New password", "another horse battery"), ("Sign out my other devices", choice));
            Assert.Equal("Confirm it's you", browser.Heading);
            await browser.SubmitAsync("Continue", ("Password", Api.Password));
            await browser.SubmitAsync("Continue", ("Code", phone.Code));

            Assert.Equal(HttpStatusCode.OK, browser.Status);
            Assert.Equal("/account/security", browser.Url.AbsolutePath);
            Assert.Equal("", browser.ValueOf("Current password") + browser.ValueOf("New password"));
            Assert.Equal(choice == "on", browser.Page.QuerySelector("#Input_RevokeOtherSessions")!.HasAttribute("checked"));
        }
    }

    [Fact]
    public async Task What_was_typed_by_one_person_is_not_shown_to_the_next()
    {
        var (browser, _) = await EnrolledAsync();
        await TypeAddressAsync(browser, "hers@example.com");
        await browser.SubmitAsync("Sign out");
        await browser.SignUpAsync("Grace");
        await browser.OpenAsync("/account/email");
        Assert.Equal("", browser.ValueOf("New email"));
    }

    [Fact]
    public async Task A_cookie_that_somebody_altered_is_as_good_as_none()
    {
        var person = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(person);
        foreach (var kept in (string[])["x", "CfDJ8AAAA", "%00", new string('A', 500)])
        {
            var response = await portal.Stranger().SendAsync(
                Visit.Request(HttpMethod.Get, "/account/email", ("Cookie", $"{cookies}; {Cookie}={kept}")));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<(PlainBrowser Browser, Phone Phone)> EnrolledAsync()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync(Authenticator);
        var phone = Phone.SetUpFrom(browser, portal.Time);
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.Equal("Keep your recovery codes", browser.Heading);
        return (browser, phone);
    }

    private async Task TypeAddressAsync(PlainBrowser browser, string address)
    {
        await browser.OpenAsync("/account/email");
        portal.Time.Advance(TimeSpan.FromMinutes(11));
        await browser.SubmitAsync("Change address", ("New email", address), ("Current password", Api.Password));
    }
}
