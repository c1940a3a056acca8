using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Passkeys on the security page, as far as they need no script.</summary>
public sealed class PasskeyPageTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task A_passkey_is_named_and_removed_without_a_script_and_the_log_tells_it_in_words()
    {
        var (browser, http) = (portal.Browser(), portal.Program());
        var email = await browser.SignUpAsync();
        (await http.SignInAsync(email)).EnsureSuccessStatusCode();
        (await http.RegisterAsync(new SoftwareAuthenticator(), "<b>Laptop</b>")).EnsureSuccessStatusCode();
        await browser.OpenAsync("/account/security");
        Assert.Equal("<b>Laptop</b>", browser.Page.QuerySelector("li h3")!.TextContent);
        Assert.Contains("not used yet", browser.Text, StringComparison.Ordinal);

        await browser.SubmitAsync("Rename", ("New name", "  "));
        Assert.Equal("Enter a name for the passkey.", browser.Summary);
        await browser.SubmitAsync("Rename", ("New name", "Phone"));
        Assert.Contains("The passkey has its new name.", browser.Text, StringComparison.Ordinal);
        Assert.Equal("Phone", browser.Page.QuerySelector("li h3")!.TextContent);

        await browser.SubmitAsync("Remove this passkey");
        Assert.Contains("The passkey is removed.", browser.Text, StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("li h3"));
        await browser.OpenAsync("/account/activity");
        foreach (var words in (string[])["A passkey was added", "A passkey was renamed", "A passkey was removed"])
            Assert.Contains(words, browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_way_to_sign_in_is_not_removed_and_the_page_says_why()
    {
        var (browser, http) = (portal.Browser(), portal.Program());
        var email = await browser.SignUpAsync();
        (await http.SignInAsync(email)).EnsureSuccessStatusCode();
        (await http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        await portal.ExecuteAsync("update users set password_hash = null where email = @email", new { email });
        await browser.OpenAsync("/account/security");

        await browser.SubmitAsync("Remove this passkey");

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.StartsWith("This is your only way to sign in.", browser.Summary, StringComparison.Ordinal);
        Assert.Single(browser.Page.QuerySelectorAll("li h3"));
    }

    [Fact]
    public async Task Another_persons_passkey_is_not_to_be_had_by_the_forms()
    {
        var (browser, ada) = (portal.Browser(), await portal.NewPersonAsync());
        var id = await (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Hers")).PasskeyIdAsync();
        var email = await browser.SignUpAsync("Grace");
        var http = portal.Program();
        (await http.SignInAsync(email)).EnsureSuccessStatusCode();
        (await http.RegisterAsync(new SoftwareAuthenticator(), "Mine")).EnsureSuccessStatusCode();

        foreach (var button in (string[])["Rename", "Remove this passkey"])
        {
            await browser.OpenAsync("/account/security");
            foreach (var field in browser.Page.QuerySelectorAll("input[name=id]"))
                field.SetAttribute("value", id);
            await browser.SubmitAsync(button);
            Assert.Equal("There is no such passkey any more.", browser.Summary);
        }

        Assert.Equal(
            "Hers", await portal.ScalarAsync<string>("select name from passkeys where user_id = @Id", new { ada.Id }));
    }

    [Fact]
    public async Task Under_an_address_that_is_a_number_there_are_no_passkeys()
    {
        var numbered = portal.Sibling(p => p.Settings["Portal:PublicUrl"] = "https://192.0.2.7");
        var (browser, stranger) = (numbered.Browser(), numbered.Stranger());

        foreach (var path in (string[])["/api/auth/passkey/generate-authenticate-options", "/.well-known/passkey-endpoints"])
        {
            var answer = await stranger.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("PASSKEYS_NOT_AVAILABLE", await answer.TextAsync("code"));
        }

        await browser.OpenAsync("/sign-in");
        Assert.Empty(browser.Page.QuerySelectorAll("[data-passkey], [data-script], script[src*=passkey]"));
    }
}
