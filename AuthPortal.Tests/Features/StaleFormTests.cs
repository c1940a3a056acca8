using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A form whose antiforgery token is missing, of another time or of another person.</summary>
public sealed class StaleFormTests(Portal portal) : IClassFixture<Portal>
{
    private const string Token = "__RequestVerificationToken";

    [Fact]
    public async Task A_form_without_its_token_comes_back_filled_in_and_works_when_sent_again()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        browser.Fill("Name", "Ada");
        browser.Fill("Email", Api.NewEmail());
        browser.Fill("Password", Api.Password);

        using var request = browser.Request("Create account", name => name != Token);
        await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(Forms.Stale, browser.Summary);
        Assert.Equal("Ada", browser.ValueOf("Name"));
        Assert.Equal("", browser.ValueOf("Password"));
        Assert.False(browser.IsSignedIn());

        await browser.SubmitAsync("Create account", ("Password", Api.Password));
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    [InlineData(null)]
    public async Task A_form_sent_from_elsewhere_comes_back_empty_and_changes_nothing(string? site)
    {
        var browser = portal.Browser();
        await browser.SignUpAsync("Ada");
        browser.Fill("Name", "Eve");

        using var request = browser.Request("Save profile", name => name != Token);
        request.Headers.Remove("Sec-Fetch-Site");
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(Forms.Stale, browser.Summary);
        Assert.Equal("", browser.ValueOf("Name"));
        Assert.Equal("Hello, Ada", browser.Heading);
        await browser.ReloadAsync();
        Assert.Equal("Ada", browser.ValueOf("Name"));
    }

    [Fact]
    public async Task A_form_opened_before_another_tab_signed_in_comes_back_and_works_when_sent_again()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync("Ada");
        await browser.SubmitAsync("Sign out");
        await browser.OpenAsync("/sign-in");
        var otherTab = browser.NewTab();
        await otherTab.SignUpAsync("Grace");

        await browser.SignInAsync(email);

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(Forms.Stale, browser.Summary);
        Assert.Equal(email, browser.ValueOf("Email"));
        await otherTab.ReloadAsync();
        Assert.Equal("Hello, Grace", otherTab.Heading);

        await browser.SubmitAsync("Sign in", ("Password", Api.Password));
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task A_form_opened_as_one_person_does_nothing_to_the_other_who_is_signed_in_now()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync("Ada");
        var otherTab = browser.NewTab();
        await otherTab.OpenAsync("/");
        await otherTab.SubmitAsync("Sign out");
        await otherTab.SignUpAsync("Grace");

        await browser.SubmitAsync("Save profile", ("Name", "Ada Lovelace"));

        Assert.Equal(Forms.Stale, browser.Summary);
        await otherTab.ReloadAsync();
        Assert.Equal("Hello, Grace", otherTab.Heading);
    }

    [Fact]
    public async Task Anothers_token_is_as_good_as_none()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync("Ada");
        var other = portal.Browser();
        await other.SignUpAsync("Eve");
        var token = other.Page.QuerySelector($"input[name={Token}]")!.GetAttribute("value")!;

        foreach (var field in browser.Page.QuerySelectorAll($"input[name={Token}]"))
            field.SetAttribute("value", token);
        await browser.SubmitAsync("Save profile", ("Name", "Eve"));

        Assert.Equal(Forms.Stale, browser.Summary);
        await browser.ReloadAsync();
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task A_token_outlives_the_renewal_of_the_session_and_signing_in_anew_as_the_same_person()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync("Ada");
        var otherTab = browser.NewTab();
        await otherTab.OpenAsync("/");
        await otherTab.SubmitAsync("Sign out");
        await otherTab.OpenAsync("/sign-in");
        await otherTab.SignInAsync(email);

        await browser.SubmitAsync("Save profile", ("Name", "Ada Lovelace"));

        Assert.Equal("Hello, Ada Lovelace", browser.Heading);
    }

    [Fact]
    public async Task A_stale_sign_out_everywhere_leaves_the_other_form_on_its_page_what_it_is()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync("Ada");
        using var request = browser.Request("Sign out everywhere", name => name != Token);
        await browser.SendAsync(request);
        Assert.Equal(Forms.Stale, browser.Summary);

        await browser.SubmitAsync("Save profile", ("Name", "Ada Lovelace"));

        Assert.Equal("Hello, Ada Lovelace", browser.Heading);
    }

    [Theory]
    [InlineData("text/plain", "x=1")]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data; boundary=x", "not multipart")]
    [InlineData("application/x-www-form-urlencoded", "%%%=&&&")]
    public async Task A_body_that_is_no_form_is_answered_with_one(string type, string body)
    {
        var browser = portal.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new StringContent(body) };
        request.Content.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(Forms.Stale, browser.Summary);
    }
}
