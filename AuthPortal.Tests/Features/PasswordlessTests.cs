using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Somebody with a passkey and no password, on the pages of their account.</summary>
public sealed class PasswordlessTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(10.1);

    [Fact]
    public async Task Every_page_of_the_account_works_and_none_asks_for_a_password()
    {
        var (browser, _, _) = await SignUpAsync();

        foreach (var page in (string[])["", "/security", "/security/authenticator", "/devices", "/activity", "/email", "/data"])
        {
            await browser.OpenAsync($"/account{page}");
            Assert.Equal(HttpStatusCode.OK, browser.Status);
            Assert.Equal($"/account{page}", browser.Url.AbsolutePath);
            Assert.Empty(browser.Page.QuerySelectorAll("input[type=password]"));
        }
    }

    [Fact]
    public async Task The_only_passkey_is_not_removed_and_the_page_says_what_to_do()
    {
        var (browser, _, authenticator) = await SignUpAsync();
        await browser.OpenAsync("/account/security");

        await browser.SubmitAsync("Remove this passkey");

        Assert.Equal(
            "This is your only way to sign in. Add another passkey or set a password first.", browser.Summary);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(authenticator)).StatusCode);
    }

    [Fact]
    public async Task Long_after_the_sign_in_the_passkey_confirms_who_they_are_and_the_address_changes()
    {
        var (browser, email, authenticator) = await SignUpAsync();
        var newer = Api.NewEmail();
        portal.Time.Advance(TooLong);
        await browser.OpenAsync("/account/email");
        await browser.SubmitAsync("Change address", ("New email", newer));
        Assert.Equal("Confirm it's you", browser.Heading);
        Assert.Empty(browser.Page.QuerySelectorAll("input[type=password]"));

        await browser.ProveAsync("Use a passkey", new SoftwareAuthenticator
        {
            CredentialId = authenticator.CredentialId,
            UserHandle = authenticator.UserHandle,
        });
        Assert.Equal("Confirm it's you", browser.Heading);
        await browser.ProveAsync("Use a passkey", authenticator);
        Assert.Equal("/account/email", browser.Url.AbsolutePath);
        Assert.Equal(newer, browser.ValueOf("New email"));
        await browser.SubmitAsync("Change address");
        await browser.OpenAsync(Assert.Single(await portal.MailToAsync(newer)).Link);
        await browser.SubmitAsync("Confirm this address");

        Assert.Equal(newer, await portal.ScalarAsync<string>(
            "select email from users where id = (select user_id from passkeys where credential_id = @CredentialId)",
            new { authenticator.CredentialId }));
    }

    [Fact]
    public async Task Their_account_is_deleted_by_its_address_and_a_fresh_sign_in()
    {
        var (browser, email, authenticator) = await SignUpAsync();
        portal.Time.Advance(TooLong);
        await browser.OpenAsync("/account/data");
        await browser.SubmitAsync("Delete my account", ("Type your email address", email));
        Assert.Equal("Confirm it's you", browser.Heading);

        await browser.ProveAsync("Use a passkey", authenticator);
        Assert.Equal("/account/data", browser.Url.AbsolutePath);
        await browser.SubmitAsync("Delete my account", ("Type your email address", "another@example.com"));
        Assert.StartsWith("This is not the address", browser.ProblemOf("Type your email address"), StringComparison.Ordinal);
        await browser.SubmitAsync("Delete my account", ("Type your email address", email));

        Assert.False(browser.IsSignedIn());
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from users where email = @email and erase_at is null", new { email }));
    }

    [Fact]
    public async Task A_mailed_link_gives_them_a_password_and_their_passkey_may_go_then()
    {
        var (browser, email, authenticator) = await SignUpAsync();
        await browser.OpenAsync((await portal.MailToAsync(email))[0].Link);
        await browser.SubmitAsync("Confirm my address");
        await browser.OpenAsync("/forgot-password");
        await browser.SubmitAsync("Send the link", ("Email", email));
        await browser.OpenAsync((await portal.MailToAsync(email))[^1].Link);
        await browser.SubmitAsync("Set password", ("New password", Api.Password));
        Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(authenticator)).StatusCode);
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(email);
        Assert.Equal("Hello, Ada", browser.Heading);
        await browser.OpenAsync("/account/security");
        await browser.SubmitAsync("Remove this passkey");
        Assert.Contains("The passkey is removed.", browser.Text, StringComparison.Ordinal);
    }

    private async Task<(PlainBrowser Browser, string Email, SoftwareAuthenticator Authenticator)> SignUpAsync()
    {
        var (browser, email, authenticator) = (portal.Browser(), Api.NewEmail(), new SoftwareAuthenticator());
        await browser.SignUpAsync(authenticator, email);
        Assert.Equal("Hello, Ada", browser.Heading);
        return (browser, email, authenticator);
    }
}
