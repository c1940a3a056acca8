using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A passkey as the second step of a sign-in that began with a password.</summary>
public sealed class PasskeySecondFactorTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    private static readonly string[] PasswordAndPasskey = ["pwd", "pop", "user", "mfa"];

    [Fact]
    public async Task In_place_of_a_code_the_passkey_ends_the_sign_in_and_the_token_says_both()
    {
        var (ada, authenticator) = await PersonAsync(portal);
        await TurnTotpOnAsync(ada);
        var browser = await BeginAsync(portal, ada);
        Assert.Equal("Enter your code", browser.Heading);

        await browser.ProveAsync("Use a passkey", authenticator);

        Assert.Equal("/account/activity", browser.Url.AbsolutePath);
        await browser.OpenAsync("/api/me");
        var me = await browser.Response.JsonAsync();
        Assert.Equal(PasswordAndPasskey, me["methods"]!.AsArray().Select(m => m!.GetValue<string>()));
        Assert.Equal(ada.Id.ToString(), me["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Where_everybody_must_have_a_second_factor_the_passkey_is_asked_for()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var (ada, authenticator) = await PersonAsync(portal);
        var browser = await BeginAsync(strict, ada);
        Assert.Equal("Use your passkey", browser.Heading);
        Assert.False(browser.IsSignedIn());

        await browser.ProveAsync("Use a passkey", authenticator);

        Assert.Equal("/account/activity", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task Another_persons_passkey_neither_ends_the_sign_in_nor_begins_their_own()
    {
        var (ada, authenticator) = await PersonAsync(portal);
        var (_, another) = await PersonAsync(portal);
        await TurnTotpOnAsync(ada);
        var browser = await BeginAsync(portal, ada);

        await browser.ProveAsync("Use a passkey", another);

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.StartsWith("That passkey was not accepted.", browser.Summary, StringComparison.Ordinal);
        Assert.Null(browser.Response.Cookie("access"));
        await browser.OpenAsync("/account");
        Assert.Equal("/sign-in", browser.Url.AbsolutePath);

        await browser.OpenAsync("/sign-in/second-factor");
        await browser.ProveAsync("Use a passkey", authenticator);
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    private static async Task<PlainBrowser> BeginAsync(Portal at, Person person)
    {
        var browser = at.Browser();
        await browser.OpenAsync("/sign-in?returnUrl=%2Faccount%2Factivity");
        await browser.SignInAsync(person.Email);
        Assert.Equal("/sign-in/second-factor", browser.Url.AbsolutePath);
        return browser;
    }

    private static async Task<(Person Person, SoftwareAuthenticator Authenticator)> PersonAsync(Portal at)
    {
        var (person, authenticator) = (await at.NewPersonAsync(), new SoftwareAuthenticator());
        (await person.Http.RegisterAsync(authenticator)).EnsureSuccessStatusCode();
        return (person, authenticator);
    }

    private Task TurnTotpOnAsync(Person person) => portal.ExecuteAsync(
        "insert into totp_credentials (user_id, secret, created_at, confirmed_at) values (@Id, 'x', now(), now())",
        new { person.Id });
}
