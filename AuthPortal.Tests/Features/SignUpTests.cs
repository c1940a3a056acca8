using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class SignUpTests(Portal portal) : IClassFixture<Portal>
{
    private const string TooShort =
        "This password is too short. Use at least 8 characters; several unrelated words work well.";

    [Fact]
    public async Task A_new_person_signs_up_and_lands_on_the_account_page()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/");
        await browser.FollowAsync("Create an account");

        await browser.SubmitAsync(
            "Create account", ("Name", "Ada"), ("Email", "Ada@Example.com"), ("Password", Api.Password));

        Assert.Equal("/account", browser.Url.AbsolutePath);
        Assert.Equal("Hello, Ada", browser.Heading);
        await browser.ReloadAsync();
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost_but_the_password()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", "not-an-address"), ("Password", "short"));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("Enter an email address, such as ada@example.com.", browser.ProblemOf("Email"));
        Assert.Equal(TooShort, browser.ProblemOf("Password"));
        Assert.Equal("Ada", browser.ValueOf("Name"));
        Assert.Equal("not-an-address", browser.ValueOf("Email"));
        Assert.Equal("", browser.ValueOf("Password"));
    }

    [Theory]
    [InlineData("seven77", TooShort)]
    [InlineData("password123", "This password is on the lists that attackers try first. Choose another, such as four random words.")]
    [InlineData("Ada.Lovelace@Example.com", "Your password can't be your own name or email address. Choose another.")]
    [InlineData("Ada King Lovelace", "Your password can't be your own name or email address. Choose another.")]
    [InlineData("", "Choose a password.")]
    public async Task A_password_that_will_not_do_is_refused_beside_its_field(string password, string words)
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync(
            "Create account",
            ("Name", "Ada King Lovelace"), ("Email", "ada.lovelace@example.com"), ("Password", password));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(words, browser.ProblemOf("Password"));
        Assert.Equal("Ada King Lovelace", browser.ValueOf("Name"));
        Assert.Equal("ada.lovelace@example.com", browser.ValueOf("Email"));
        Assert.Equal("", browser.ValueOf("Password"));
    }

    [Theory]
    [InlineData("Ada", "nowhere", "password123", "This password is on the lists")]
    [InlineData("", "ada@example.com", "ada@example.com", "Your password can't be your own name")]
    [InlineData("Ada Lovelace", "nowhere", "Ada Lovelace", "Your password can't be your own name")]
    [InlineData("\uFFFE", "\uFFFE", "\uFFFE is not text", "This password holds something")]
    [InlineData("Ada", "nowhere", Api.Password, "")]
    public async Task A_form_that_is_wrong_elsewhere_hears_of_its_password_too(
        string name, string email, string password, string words)
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account", ("Name", name), ("Email", email), ("Password", password));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.StartsWith(words, browser.ProblemOf("Password"), StringComparison.Ordinal);
        Assert.Equal(words == "", browser.ProblemOf("Password") == "");
    }

    [Fact]
    public async Task A_password_too_long_to_be_one_is_refused_beside_its_field()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync(
            "Create account", ("Name", "Ada"), ("Email", Api.NewEmail()), ("Password", new string('x', 129)));

        Assert.Equal("This password is too long. Use at most 128 characters.", browser.ProblemOf("Password"));
    }

    [Fact]
    public async Task A_taken_address_is_refused_beside_its_field()
    {
        var browser = portal.Browser();
        var taken = await browser.SignUpAsync();
        await browser.SubmitAsync("Sign out");
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync(
            "Create account", ("Name", "Eve"), ("Email", taken.ToUpperInvariant()), ("Password", Api.Password));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(
            "There is an account with this address already. Sign in, or use another address.",
            browser.ProblemOf("Email"));
        Assert.Equal("Eve", browser.ValueOf("Name"));
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    public async Task Empty_fields_are_each_named_in_the_order_of_the_form()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account");

        Assert.Equal(
            ["Enter your name.", "Enter your email address.", "Choose a password."],
            browser.Page.QuerySelectorAll("[role=alert] a").Select(a => a.TextContent));
        Assert.Equal("Enter your name.", browser.ProblemOf("Name"));
        Assert.Equal("Enter your email address.", browser.ProblemOf("Email"));
        Assert.Equal("Choose a password.", browser.ProblemOf("Password"));
    }
}
