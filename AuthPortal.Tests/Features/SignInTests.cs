using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class SignInTests(Portal portal) : IClassFixture<Portal>
{
    private const string NoMatch = "That email address and password don't match. Check both and try again.";

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_are_refused_in_the_same_words()
    {
        var browser = portal.Browser();
        var known = await browser.SignUpAsync();
        await browser.SubmitAsync("Sign out");

        foreach (var email in (string[])[known, Api.NewEmail()])
        {
            await browser.OpenAsync("/sign-in");
            await browser.SignInAsync(email, "not the password");

            Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
            Assert.Equal(NoMatch, browser.ProblemOf("Password"));
            Assert.Equal(NoMatch, browser.Summary);
            Assert.Equal(email, browser.ValueOf("Email"));
            Assert.Equal("", browser.ValueOf("Password"));
            Assert.False(browser.IsSignedIn());
        }
    }

    [Fact]
    public async Task Empty_fields_are_named()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");

        await browser.SignInAsync("", "");

        Assert.Equal("Enter your email address.", browser.ProblemOf("Email"));
        Assert.Equal("Enter your password.", browser.ProblemOf("Password"));
    }

    [Theory]
    [InlineData("ada")]
    [InlineData("ada@")]
    [InlineData("Ada <ada@example.com>")]
    public async Task What_is_no_address_is_said_to_be_none(string typed)
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");

        await browser.SignInAsync(typed);

        Assert.Equal("Enter an email address, such as ada@example.com.", browser.ProblemOf("Email"));
        Assert.Equal(typed, browser.ValueOf("Email"));
    }

    [Fact]
    public async Task A_form_that_comes_without_any_of_its_fields_is_refused_beside_them()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");

        using var request = browser.Request("Sign in", name => name.StartsWith("__", StringComparison.Ordinal));
        await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("Enter an email address, such as ada@example.com.", browser.ProblemOf("Email"));
    }

    [Fact]
    public async Task Another_spelling_of_the_address_signs_in_too()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.SubmitAsync("Sign out");

        await browser.SignInAsync($"  {email.ToUpperInvariant()} ");

        Assert.Equal("/account", browser.Url.AbsolutePath);
    }
}
