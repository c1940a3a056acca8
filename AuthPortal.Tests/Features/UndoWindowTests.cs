using System.Globalization;
using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Users;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>For 72 hours what was done to an account can be undone, and nothing is done that would prevent it.</summary>
public sealed class UndoWindowTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string NewPassword = "staple battery horse";

    [Fact]
    public async Task An_account_whose_address_was_changed_is_not_erased_before_that_can_no_longer_be_undone()
    {
        var (ada, email) = await MovedAsync();
        var until = Now + UndoWindow.Length;
        portal.Time.Advance(TimeSpan.FromHours(1));
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in?returnUrl=/account/data");
        await browser.SignInAsync(email);
        Assert.Contains($"is erased on {Text(until)}", browser.Text, StringComparison.Ordinal);

        await browser.SubmitAsync(
            "Delete my account", ("Type your email address", email), ("Current password", Api.Password));

        Assert.Equal("Your account will be deleted", browser.Heading);
        Assert.Contains($"On {Text(until)} the account", browser.Text, StringComparison.Ordinal);
        foreach (var address in (string[])[ada.Email, email])
        {
            var letter = (await portal.MailToAsync(address))[^1];
            Assert.Equal("Your account will be deleted", letter.Subject);
            Assert.Contains(Text(until), letter.TextBody, StringComparison.Ordinal);
        }

        await portal.AdvanceAsync(TimeSpan.FromHours(70));
        Assert.True(await ExistsAsync(ada));
        await portal.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.False(await ExistsAsync(ada));
    }

    [Fact]
    public async Task A_program_is_told_when_and_the_letter_to_the_old_address_takes_both_back()
    {
        var (ada, email) = await MovedAsync();
        var deleted = await ada.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password });
        Assert.Equal("User will be deleted", await deleted.TextAsync("message"));
        Assert.Equal(Now + UndoWindow.Length, DateTimeOffset.Parse(
            await deleted.TextAsync("eraseAt"), CultureInfo.InvariantCulture));

        var owner = portal.Browser();
        await owner.OpenAsync((await portal.MailToAsync(ada.Email))[^1].Link);
        Assert.Equal("Undo the change of address", owner.Heading);
        await owner.SubmitAsync("Undo the change");
        Assert.Equal("Your address is back", owner.Heading);
        await portal.AdvanceAsync(TimeSpan.FromHours(80));

        Assert.True(await ExistsAsync(ada));
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(email)).StatusCode);
    }

    [Fact]
    public async Task Once_it_can_no_longer_be_undone_a_deletion_is_at_once_again_and_the_old_address_is_forgotten()
    {
        var (ada, email) = await MovedAsync();
        Assert.Contains("users", await portal.TablesThatMentionAsync(ada.Email));
        await portal.AdvanceAsync(UndoWindow.Length + TimeSpan.FromHours(1));
        Assert.DoesNotContain("users", await portal.TablesThatMentionAsync(ada.Email));

        var http = portal.Program();
        await http.SignInAsync(email);
        var deleted = await http.PostAsync("/api/auth/delete-user", new { password = Api.Password });

        Assert.Equal("User deleted", await deleted.TextAsync("message"));
        Assert.False(await ExistsAsync(ada));
    }

    [Fact]
    public async Task A_notice_that_waits_leaves_even_if_its_account_is_gone_and_a_link_does_not()
    {
        var ada = await portal.NewPersonAsync();
        await ada.Http.PostAsync("/api/auth/request-password-reset", new { email = ada.Email });
        await ada.Http.PostAsync(
            "/api/auth/change-password", new { currentPassword = Api.Password, newPassword = NewPassword });
        (await ada.Http.PostAsync("/api/auth/delete-user", new { password = NewPassword })).EnsureSuccessStatusCode();

        Assert.Equal(
            ["Your password was changed", "Your account is deleted"],
            (await portal.MailToAsync(ada.Email)).Select(letter => letter.Subject));
    }

    [Fact]
    public async Task A_reset_lists_what_was_added_lately_and_removes_what_is_young_without_the_new_password()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Of last month")).EnsureSuccessStatusCode();
        portal.Time.Advance(TimeSpan.FromDays(25));
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Of last week")).EnsureSuccessStatusCode();
        portal.Time.Advance(TimeSpan.FromDays(6));
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Of today")).EnsureSuccessStatusCode();

        var browser = await ResetAsync(ada);
        Assert.Equal(
            ["Of last week", "Of today"], browser.Page.QuerySelectorAll("#added ~ ul h3").Select(name => name.TextContent));
        await browser.FollowAsync("Remove it");
        Assert.Contains("Of today was added to your account", browser.Text, StringComparison.Ordinal);
        await browser.SubmitAsync("Remove it");
        await browser.FollowAsync("Sign in");
        await browser.SignInAsync(ada.Email, NewPassword);
        Assert.Equal("/account", browser.Url.AbsolutePath);
        await browser.OpenAsync("/account/security");
        Assert.Equal(
            ["Of last month", "Of last week"],
            browser.Page.QuerySelectorAll("h3[id^=passkey]").Select(name => name.TextContent));
    }

    [Fact]
    public async Task What_is_older_than_72_hours_is_removed_by_who_is_signed_in_alone()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        await ada.Http.TurnOnAsync(Now);
        portal.Time.Advance(TimeSpan.FromDays(4));

        var browser = await ResetAsync(ada);
        Assert.DoesNotContain("Remove it", browser.Page.QuerySelectorAll("a").Select(link => link.TextContent));
        await browser.FollowAsync("Sign in and remove it");
        await browser.SignInAsync(ada.Email, NewPassword);
        Assert.Equal("/sign-in/second-factor", browser.Url.AbsolutePath);
        await browser.OpenAsync((await portal.MailToAsync(ada.Email))
            .Last(letter => letter.Subject == "Your second factor is on").Link);
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
    }

    [Fact]
    public async Task Undoing_takes_what_was_added_since_and_leaves_what_was_there_before()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var (own, first, second) =
            (new SoftwareAuthenticator(), new SoftwareAuthenticator(), new SoftwareAuthenticator());
        (await ada.Http.RegisterAsync(own)).EnsureSuccessStatusCode();
        portal.Time.Advance(TimeSpan.FromHours(1));
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.RegisterAsync(first)).EnsureSuccessStatusCode();
        var link = (await portal.MailToAsync(ada.Email))[^1].Link;
        portal.Time.Advance(TimeSpan.FromHours(1));
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.RegisterAsync(second)).EnsureSuccessStatusCode();

        var browser = portal.Browser();
        await browser.OpenAsync(link);
        await browser.SubmitAsync("Remove it");

        Assert.Equal("It is removed", browser.Heading);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(first)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInByPasskeyAsync(own)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(ada.Email)).StatusCode);
        Assert.Equal("What was added to your account is removed", (await portal.MailToAsync(ada.Email))[^1].Subject);
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();

    private static string Text(DateTimeOffset at) =>
        at.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Somebody who has just changed their address; they are signed in under the new one.</summary>
    private async Task<(Person Person, string NewEmail)> MovedAsync()
    {
        var (person, newEmail) = (await portal.NewConfirmedPersonAsync(), Api.NewEmail());
        (await person.Http.PostAsync("/api/auth/change-email", new { newEmail })).EnsureSuccessStatusCode();
        var confirm = portal.Browser();
        await confirm.OpenAsync((await portal.MailToAsync(newEmail))[^1].Link);
        await confirm.SubmitAsync("Confirm this address", ("Password", Api.Password));
        await person.Http.SignInAsync(newEmail);
        return (person, newEmail);
    }

    private async Task<PlainBrowser> ResetAsync(Person person)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(await portal.MailResetLinkAsync(person.Email));
        await browser.SubmitAsync("Set password", ("New password", NewPassword));
        return browser;
    }

    private async Task<bool> ExistsAsync(Person person) =>
        await portal.ScalarAsync<bool>("select exists (select from users where id = @Id)", new { person.Id });
}
