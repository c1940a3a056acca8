using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class JourneyTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task Signing_out_and_opening_the_account_leads_by_way_of_sign_in_back_to_it()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync("Grace");
        await browser.SubmitAsync("Sign out");

        Assert.Equal("/sign-in", browser.Url.AbsolutePath);
        Assert.Contains("You are signed out.", browser.Text, StringComparison.Ordinal);

        await browser.OpenAsync("/account");
        Assert.Equal("/sign-in?returnUrl=%2Faccount", browser.Url.PathAndQuery);

        await browser.SignInAsync(email);
        Assert.Equal("/account", browser.Url.PathAndQuery);
        Assert.Equal("Hello, Grace", browser.Heading);
    }

    [Fact]
    public async Task A_person_comes_back_to_the_very_address_with_its_query()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.SubmitAsync("Sign out");

        await browser.OpenAsync("/account?tab=1&next=a%26b");
        await browser.SignInAsync(email);

        Assert.Equal("/account?tab=1&next=a%26b", browser.Url.PathAndQuery);
    }

    [Fact]
    public async Task Where_one_wanted_to_go_survives_a_refusal_and_the_way_to_the_other_form()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/account?tab=1");
        await browser.SignInAsync(Api.NewEmail(), "not the password");
        await browser.FollowAsync("Create an account");
        await browser.FollowAsync("Sign in");
        await browser.FollowAsync("Create an account");

        await browser.SubmitAsync(
            "Create account", ("Name", "Ada"), ("Email", Api.NewEmail()), ("Password", Api.Password));

        Assert.Equal("/account?tab=1", browser.Url.PathAndQuery);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-up")]
    public async Task Whoever_is_signed_in_goes_straight_on(string form)
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();

        await browser.OpenAsync(form);
        Assert.Equal("/account", browser.Url.PathAndQuery);

        await browser.OpenAsync($"{form}?returnUrl=%2F");
        Assert.Equal("/", browser.Url.PathAndQuery);
    }

    [Fact]
    public async Task A_session_without_remember_me_ends_with_the_browser()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        browser.Fill("Name", "Ada");
        browser.Fill("Email", Api.NewEmail());
        browser.Fill("Password", Api.Password);
        browser.Fill("Keep me signed in on this device", "off");
        var response = await portal.Stranger().SendAsync(WithCookiesOf(browser));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.DoesNotContain("max-age", response.Cookie("access"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("max-age", response.Cookie("refresh"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_session_that_ended_before_a_form_was_sent_leads_by_way_of_sign_in_back_to_its_page()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync("Ada");
        var elsewhere = portal.Browser();
        await elsewhere.OpenAsync("/sign-in");
        await elsewhere.SignInAsync(email);
        await elsewhere.SubmitAsync("Sign out everywhere");

        await browser.SubmitAsync("Save profile", ("Name", "Eve"));
        Assert.Equal("/sign-in?returnUrl=%2Faccount", browser.Url.PathAndQuery);

        await browser.SignInAsync(email);
        Assert.Equal("/account", browser.Url.PathAndQuery);
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task Signing_out_when_another_device_has_done_it_already_is_no_problem()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        var elsewhere = portal.Browser();
        await elsewhere.OpenAsync("/sign-in");
        await elsewhere.SignInAsync(email);
        await elsewhere.SubmitAsync("Sign out everywhere");

        await browser.SubmitAsync("Sign out");

        Assert.Equal("/sign-in", browser.Url.AbsolutePath);
        Assert.Equal("", browser.Summary);
    }

    /// <summary>The form as filled, to be sent by a client that shows each cookie as it is set.</summary>
    private static HttpRequestMessage WithCookiesOf(PlainBrowser browser)
    {
        var request = browser.Request("Create account");
        var cookie = browser.Response.Cookie("csrf");
        Assert.NotNull(cookie);
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        return request;
    }
}
