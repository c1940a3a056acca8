using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A new address is confirmed from there, and can be taken back from the old one.</summary>
public sealed class EmailChangeTests(Portal portal) : IClassFixture<Portal>
{
    private const string Spent = "This link no longer works:";

    [Fact]
    public async Task The_address_changes_when_the_new_one_confirms_it_and_both_are_written_to()
    {
        var (browser, newer) = (portal.Browser(), Api.NewEmail());
        var old = await browser.SignUpAsync();

        await AskAsync(browser, newer);

        Assert.Contains("Check the mail at your new address", browser.Text, StringComparison.Ordinal);
        Assert.Equal("A change of your email address was asked for", (await OnlyMailAsync(old)).Subject);
        var link = (await OnlyMailAsync(newer)).Link;
        for (var n = 0; n < 5; n++)
            await browser.OpenAsync(link);
        Assert.Equal("no-referrer", browser.Response.Header("Referrer-Policy"));
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(old)).StatusCode);
        await browser.SubmitAsync("Confirm this address");

        Assert.Equal("/account", browser.Url.AbsolutePath);
        Assert.Contains(newer, browser.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(old)).StatusCode);
        var signedIn = await portal.Stranger().SignInAsync(newer);
        Assert.True((await signedIn.JsonAsync())["user"]!["emailVerified"]!.GetValue<bool>());
        Assert.Equal(
            ["A change of your email address was asked for", "Your email address was changed"],
            (await portal.MailToAsync(old)).Select(m => m.Subject));
    }

    [Fact]
    public async Task The_old_address_takes_it_back_once_and_every_session_ends()
    {
        var (browser, stranger, newer) = (portal.Browser(), portal.Browser(), Api.NewEmail());
        var (old, undo) = await ChangeAsync(browser, newer);

        await stranger.OpenAsync(undo);
        Assert.Contains(old, stranger.Text, StringComparison.Ordinal);
        await stranger.SubmitAsync("Undo the change");

        Assert.Equal("Your address is back", stranger.Heading);
        await browser.OpenAsync("/account");
        Assert.Equal("/sign-in", browser.Url.AbsolutePath);
        Assert.Equal(1, await portal.ScalarAsync<int>("select count(*) from users where email_canonical = @old", new { old }));
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(newer)).StatusCode);
        Assert.Equal("Your email address is back", (await portal.MailToAsync(old))[^1].Subject);
        await stranger.OpenAsync(undo);
        Assert.Contains(Spent, stranger.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thief_can_neither_change_the_address_twice_nor_again_once_it_is_undone()
    {
        var (browser, owner) = (portal.Browser(), portal.Browser());
        var (first, second) = (Api.NewEmail(), Api.NewEmail());
        var old = await browser.SignUpAsync();
        await AskAsync(browser, first);
        var spare = (await OnlyMailAsync(first)).Link;
        await AskAsync(browser, second);
        await ConfirmAsync(browser, second);

        await AskAsync(browser, first);
        Assert.Contains("less than 72 hours ago", browser.Text, StringComparison.Ordinal);

        await owner.OpenAsync((await portal.MailToAsync(old))[^1].Link);
        await owner.SubmitAsync("Undo the change");
        Assert.Equal("Your address is back", owner.Heading);
        await browser.OpenAsync(spare);
        Assert.Contains(Spent, browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_address_is_told_to_its_owner_alone()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var free = await AskAsync(ada, Api.NewEmail());
        var taken = await AskAsync(ada, grace.Email);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(await free.Content.ReadAsStringAsync(), await taken.Content.ReadAsStringAsync());
        var mail = await OnlyMailAsync(grace.Email);
        Assert.Equal("You already have an account here", mail.Subject);
        Assert.DoesNotContain("token=", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_taken_meanwhile_is_refused_in_words()
    {
        var (browser, newer) = (portal.Browser(), Api.NewEmail());
        var old = await browser.SignUpAsync();
        await AskAsync(browser, newer);
        var link = (await OnlyMailAsync(newer)).Link;
        await portal.Stranger().SignUpAsync(newer);

        await browser.OpenAsync(link);
        await browser.SubmitAsync("Confirm this address");

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Contains("There is an account with this address already.", browser.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(old)).StatusCode);
    }

    [Fact]
    public async Task Nobody_keeps_an_unconfirmed_account_on_an_address_that_its_owner_takes_back()
    {
        var (browser, owner, newer) = (portal.Browser(), portal.Browser(), Api.NewEmail());
        var (old, undo) = await ChangeAsync(browser, newer);
        var squatter = await SquatAsync(old);

        await owner.OpenAsync(undo);
        Assert.Contains("never confirmed, is erased", owner.Text, StringComparison.Ordinal);
        await owner.SubmitAsync("Undo the change");

        Assert.Equal("Your address is back", owner.Heading);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", squatter.AccessToken)).StatusCode);
        Assert.Equal(["revocations"], await portal.TablesThatMentionAsync($"{squatter.Id}"));
        Assert.True(await portal.ScalarAsync<bool>("select exists (select from users where email = @old)", new { old }));
        Assert.DoesNotContain(await portal.MailToAsync(old), mail => mail.Subject == "Your account is deleted");
    }

    [Fact]
    public async Task A_confirmed_account_on_the_old_address_stays_and_the_undoing_is_refused_in_words()
    {
        var (browser, owner, newer) = (portal.Browser(), portal.Browser(), Api.NewEmail());
        var (old, undo) = await ChangeAsync(browser, newer);
        await portal.ConfirmAddressAsync(await SquatAsync(old));

        await owner.OpenAsync(undo);
        await owner.SubmitAsync("Undo the change");

        Assert.Contains("Your old address has an account of its own now.", owner.Summary, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(newer)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(old)).StatusCode);
    }

    [Fact]
    public async Task A_spent_link_back_erases_nobody()
    {
        var (browser, owner, newer) = (portal.Browser(), portal.Browser(), Api.NewEmail());
        var (old, undo) = await ChangeAsync(browser, newer);
        await owner.OpenAsync(undo);
        using var again = owner.Request("Undo the change");
        await owner.SubmitAsync("Undo the change");
        await portal.ExecuteAsync("delete from users where email = @old", new { old });
        await portal.Stranger().SignUpAsync(old);

        await owner.SendAsync(again);

        Assert.Equal(HttpStatusCode.BadRequest, owner.Status);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(old)).StatusCode);
    }

    [Fact]
    public async Task What_will_not_do_is_refused_and_nobody_is_written_to()
    {
        var ada = await portal.NewPersonAsync();
        var same = await AskAsync(ada, ada.Email.ToUpperInvariant());
        Assert.Equal(HttpStatusCode.BadRequest, same.StatusCode);
        Assert.Equal("Email is the same", await same.TextAsync("message"));
        Assert.Null((await same.JsonAsync())["code"]);
        Assert.Equal("VALIDATION_ERROR", await (await AskAsync(ada, "no address")).TextAsync("code"));
        var away = await portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/change-email", ada.AccessToken,
            new { newEmail = Api.NewEmail(), callbackURL = "https://evil.example" });
        Assert.Equal("INVALID_CALLBACK_URL", await away.TextAsync("code"));
        Assert.Empty(await portal.MailToAsync(ada.Email));

        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await AskAsync(browser, Api.NewEmail(), "not my password");
        Assert.NotEqual("", browser.ProblemOf("Current password"));
        await AskAsync(browser, email);
        Assert.Equal("This is your address already.", browser.ProblemOf("New email"));
        Assert.Empty(await portal.MailToAsync(email));
    }

    /// <summary>Behind the portal's back, which lets nobody do so while the change can be undone.</summary>
    private async Task<Person> SquatAsync(string old)
    {
        var squatter = await portal.NewPersonAsync("Squatter");
        await portal.ExecuteAsync(
            "update users set email = @old, email_canonical = @old where id = @Id", new { old, squatter.Id });
        return squatter;
    }

    private static async Task AskAsync(PlainBrowser browser, string email, string password = Api.Password)
    {
        await browser.OpenAsync("/account/email");
        await browser.SubmitAsync("Change address", ("New email", email), ("Current password", password));
    }

    private Task<HttpResponseMessage> AskAsync(Person person, string newEmail) => portal.Stranger().SendAsync(
        HttpMethod.Post, "/api/auth/change-email", person.AccessToken, new { newEmail, callbackURL = "/settings" });

    private async Task ConfirmAsync(PlainBrowser browser, string newer)
    {
        await browser.OpenAsync((await OnlyMailAsync(newer)).Link);
        await browser.SubmitAsync("Confirm this address");
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    private async Task<(string Old, string UndoLink)> ChangeAsync(PlainBrowser browser, string newer)
    {
        var old = await browser.SignUpAsync();
        await AskAsync(browser, newer);
        await ConfirmAsync(browser, newer);
        return (old, (await portal.MailToAsync(old))[^1].Link);
    }

    private async Task<KeptMail> OnlyMailAsync(string address) => Assert.Single(await portal.MailToAsync(address));
}
