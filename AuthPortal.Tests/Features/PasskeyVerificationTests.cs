using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Signing up with a passkey where an address must be confirmed before its account can be used.</summary>
public sealed class PasskeyVerificationTests(VerifyingPortal portal) : IClassFixture<VerifyingPortal>
{
    [Fact]
    public async Task In_the_browser_that_signed_up_one_button_confirms_and_the_passkey_signs_in()
    {
        var (browser, email, authenticator) = (portal.Browser(), Api.NewEmail(), new SoftwareAuthenticator());
        await browser.SignUpAsync(authenticator, email);
        Assert.Equal("Check your mail", browser.Heading);
        Assert.False(browser.IsSignedIn());

        await browser.OpenAsync("/sign-in");
        await browser.ProveAsync("Sign in with a passkey", authenticator);
        Assert.Equal("Confirm your email address first: open the link that we have mailed you.", browser.Summary);
        Assert.False(browser.IsSignedIn());

        await browser.OpenAsync(Assert.Single(await portal.MailToAsync(email)).Link);
        Assert.Empty(browser.Page.QuerySelectorAll("input[type=password]"));
        await browser.SubmitAsync("Confirm my address");
        Assert.Contains($"{email} is confirmed.", browser.Text, StringComparison.Ordinal);
        await browser.FollowAsync("Sign in");
        await browser.ProveAsync("Sign in with a passkey", authenticator);
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task Elsewhere_nothing_but_a_new_password_confirms_and_the_passkey_of_whoever_opened_it_is_gone()
    {
        var (squatter, email, authenticator) = (portal.Browser(), Api.NewEmail(), new SoftwareAuthenticator());
        await squatter.SignUpAsync(authenticator, email, "Eve");
        var owner = portal.Browser();
        var link = Assert.Single(await portal.MailToAsync(email)).Link;
        await owner.OpenAsync(link);
        Assert.Single(owner.Page.QuerySelectorAll("input[type=password]"));

        foreach (var handler in (string[])["", "&handler=Password"])
        {
            using var guessed = owner.Request("Set password and confirm");
            guessed.RequestUri = new Uri(owner.Url, link + handler);
            await owner.SendAsync(guessed);
            Assert.Equal(HttpStatusCode.BadRequest, owner.Status);
            await owner.OpenAsync(link);
        }

        await owner.SubmitAsync("Set password and confirm", ("New password", Api.Password));
        Assert.Contains($"{email} is confirmed.", owner.Text, StringComparison.Ordinal);

        await squatter.OpenAsync("/sign-in");
        await squatter.ProveAsync("Sign in with a passkey", authenticator);
        Assert.StartsWith("This passkey belongs to no account here.", squatter.Summary, StringComparison.Ordinal);
        await owner.FollowAsync("Sign in");
        await owner.SignInAsync(email);
        Assert.Equal($"Hello, {email}", owner.Heading);
    }

    [Fact]
    public async Task A_taken_address_gets_the_answer_of_a_free_one_and_its_owner_is_told()
    {
        var (browser, email) = (portal.Browser(), Api.NewEmail());
        await browser.SignUpAsync(new SoftwareAuthenticator(), email);
        await browser.OpenAsync(Assert.Single(await portal.MailToAsync(email)).Link);
        await browser.SubmitAsync("Confirm my address");
        await portal.WaitForTheNextMailAsync();
        var (eve, authenticator) = (portal.Browser(), new SoftwareAuthenticator());

        await eve.SignUpAsync(authenticator, email, "Eve");

        Assert.Equal("Check your mail", eve.Heading);
        Assert.Equal("You have an account already", (await portal.MailToAsync(email))[^1].Subject);
        Assert.Equal("Ada 1", await portal.ScalarAsync<string>(
            "select name || ' ' || (select count(*) from passkeys where user_id = users.id) from users where email = @email",
            new { email }));
    }
}
