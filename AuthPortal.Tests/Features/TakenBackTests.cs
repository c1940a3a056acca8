using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// What an intruder tries who still has something when the owner, or the operator, takes the account back: found by a
/// second attack, on the mends of the first.
/// </summary>
public sealed partial class TakenBackTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string NewPassword = "staple battery horse";

    [Fact]
    public async Task A_passkey_older_than_the_change_of_address_that_was_undone_destroys_nothing()
    {
        var (ada, passkey) = await IntrudedAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(21));
        var thief = await EnterAsync(passkey);
        await ChangeAddressAsync(thief);
        await UndoAddressAsync(ada);

        await IsNotDestroyedAsync(ada, passkey);
    }

    [Fact]
    public async Task A_passkey_older_than_the_one_that_was_removed_destroys_nothing()
    {
        var (ada, first) = await IntrudedAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(25));
        var thief = await EnterAsync(first);
        (await thief.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        var owner = await RemoveAsync(ada);
        Assert.Single(owner.Page.QuerySelectorAll("#added ~ ul li")); // the first: the page shows what stays

        await IsNotDestroyedAsync(ada, first);
    }

    [Fact]
    public async Task An_address_that_came_back_is_not_changed_again_for_72_hours()
    {
        var (ada, passkey) = await IntrudedAsync();
        portal.Time.Advance(TimeSpan.FromDays(4)); // its letter is void by now
        await ChangeAddressAsync(await EnterAsync(passkey));
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        await UndoAddressAsync(ada);

        await IsRefusedAsync(await EnterAsync(passkey));
        portal.Time.Advance(TimeSpan.FromHours(71));
        await IsRefusedAsync(await EnterAsync(passkey));
        portal.Time.Advance(TimeSpan.FromHours(2));
        await ChangeAddressAsync(await EnterAsync(passkey));

        async Task IsRefusedAsync(HttpClient thief)
        {
            var answer = await thief.PostAsync("/api/auth/change-email", new { newEmail = Api.NewEmail() });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("EMAIL_CHANGED_RECENTLY", await answer.TextAsync("code"));
        }
    }

    [Fact]
    public async Task Where_a_thief_moved_the_address_too_the_letter_of_their_passkey_brings_both_back()
    {
        var (ada, _) = await IntrudedAsync();
        var thiefs = await ChangeAddressAsync(ada.Http);

        var owner = await RemoveAsync(ada);
        Assert.Contains($"your account is at {ada.Email} again", owner.Text, StringComparison.Ordinal);
        Assert.Equal("What was added to your account is removed", (await portal.MailToAsync(ada.Email))[^1].Subject);
        await ResetAsync(ada);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email, NewPassword)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInAsync(thiefs, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task So_it_does_where_the_change_was_asked_for_long_before_the_passkey_and_confirmed_after()
    {
        var (ada, newEmail) = (await portal.NewConfirmedPersonAsync(), Api.NewEmail());
        var confirm = await ConfirmAsync(ada.Http, newEmail);
        portal.Time.Advance(TimeSpan.FromMinutes(24));
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator(), "Thief's")).EnsureSuccessStatusCode();
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Redirect, (await ada.Http.SendAsync(confirm)).StatusCode);

        var owner = await RemoveAsync(ada);

        Assert.Contains($"your account is at {ada.Email} again", owner.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recovery_codes_that_an_intruder_made_are_told_of_listed_and_removed_and_the_app_stays()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var app = await ada.Http.TurnOnAsync(Now);
        portal.Time.Advance(TimeSpan.FromDays(40));
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) })).EnsureSuccessStatusCode();
        var made = await ada.Http.TwoFactorAsync("generate-backup-codes", new { }); // a borrowed session
        var stolen = $"{(await made.JsonAsync())["backupCodes"]![0]}";

        var browser = await ResetAsync(ada);
        Assert.Equal(
            ["Recovery codes"], browser.Page.QuerySelectorAll("#added ~ ul h3").Select(name => name.TextContent));
        await browser.FollowAsync("Remove it");
        await browser.SubmitAsync("Remove it");

        portal.Time.Advance(TimeSpan.FromMinutes(1));
        var half = portal.Program();
        await half.SignInAsync(ada.Email, NewPassword);
        var byCode = await half.TwoFactorAsync("verify-backup-code", new { code = stolen });
        Assert.NotEqual(HttpStatusCode.OK, byCode.StatusCode);
        var byApp = await half.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.OK, byApp.StatusCode);
    }

    [Fact]
    public async Task What_goes_is_named_before_it_goes_the_owners_own_too()
    {
        var (ada, _) = await IntrudedAsync();
        var link = (await portal.MailToAsync(ada.Email))[^1].Link;
        portal.Time.Advance(TimeSpan.FromHours(1));
        await ada.Http.SignInAsync(ada.Email);
        await ada.Http.TurnOnAsync(Now);

        var owner = portal.Browser();
        await owner.OpenAsync(link);
        Assert.Contains("Authenticator app, added", owner.Text, StringComparison.Ordinal);
        await owner.SubmitAsync("Remove it");
        Assert.Contains(
            "Removed from your account: Passkey, Authenticator app.",
            (await portal.MailToAsync(ada.Email))[^1].TextBody.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_that_waits_is_taken_back_with_the_account()
    {
        var (ada, _) = await IntrudedAsync();
        var link = (await portal.MailToAsync(ada.Email))[^1].Link;
        await using var graceful = portal.Sibling(other => other.Settings["Accounts:DeleteAfter"] = "2.00:00:00");
        var thief = graceful.Program();
        await thief.SignInAsync(ada.Email);
        (await thief.PostAsync("/api/auth/delete-user", new { password = Api.Password })).EnsureSuccessStatusCode();

        var owner = portal.Browser();
        await owner.OpenAsync(link);
        await owner.SubmitAsync("Remove it");
        await portal.AdvanceAsync(TimeSpan.FromDays(5));

        Assert.True(await ExistsAsync(ada));
    }

    [Fact]
    public async Task Nobody_opens_an_account_on_an_address_that_another_can_still_come_back_to()
    {
        var (ada, _) = await IntrudedAsync();
        var thiefs = await ChangeAddressAsync(ada.Http);
        var (owner, elsewhere) = (portal.Program(), await portal.NewConfirmedPersonAsync());

        var decoy = await owner.SignUpAsync(ada.Email.ToUpperInvariant());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, decoy.StatusCode);
        var moved = await elsewhere.Http.SendAsync(await ConfirmAsync(elsewhere.Http, ada.Email));
        Assert.Equal(HttpStatusCode.BadRequest, moved.StatusCode);
        var evicted = await portal.RunAsync($"users evict {ada.Email}");
        Assert.Equal(2, evicted.ExitCode);
        Assert.Contains($"its account was moved to {thiefs}", evicted.Words, StringComparison.Ordinal);

        portal.Time.Advance(TimeSpan.FromHours(73));
        Assert.Equal(HttpStatusCode.OK, (await owner.SignUpAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task An_account_that_is_being_deleted_does_not_keep_its_address_from_who_takes_it_back()
    {
        var (ada, _) = await IntrudedAsync();
        await ChangeAddressAsync(ada.Http);
        var decoy = await portal.NewConfirmedPersonAsync();
        await portal.ExecuteAsync(
            """
            update users set email = @Email, email_canonical = @Email, erase_at = now() + interval '30 days'
             where id = @Id
            """,
            new { ada.Email, decoy.Id });

        await UndoAddressAsync(ada);

        Assert.False(await ExistsAsync(decoy));
    }

    /// <summary>Nobody had ever shown that the account was its address's owner's: nothing in it is theirs.</summary>
    [Fact]
    public async Task Undoing_a_change_of_an_address_that_was_never_confirmed_leaves_nothing_of_whoever_used_it()
    {
        var (squatter, passkey) = (await portal.NewPersonAsync("Squatter"), new SoftwareAuthenticator());
        (await squatter.Http.RegisterAsync(passkey)).EnsureSuccessStatusCode();
        portal.Time.Advance(TimeSpan.FromDays(31));
        await ChangeAddressAsync(await EnterAsync(passkey));

        await UndoAddressAsync(squatter);

        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(passkey)).StatusCode);
        Assert.Equal("", await portal.ScalarAsync<string>("select name from users where id = @Id", new { squatter.Id }));
    }

    [Fact]
    public async Task For_72_hours_a_passkey_that_stayed_locks_nobody_out_and_the_password_does_all()
    {
        var (ada, passkey) = await IntrudedAsync();
        portal.Time.Advance(TimeSpan.FromDays(40));
        await ChangeAddressAsync(await EnterAsync(passkey));
        var owner = portal.Browser();
        await owner.OpenAsync((await portal.MailToAsync(ada.Email))[^1].Link);
        await owner.SubmitAsync("Undo the change");
        Assert.Equal("What still opens your account", owner.Page.QuerySelector("#added")!.TextContent);
        Assert.Equal("Thief's", Assert.Single(owner.Page.QuerySelectorAll("#added ~ ul h3")).TextContent);

        var early = await EnterAsync(passkey);
        var begun = await early.EnableAsync();
        var on = await early.TwoFactorAsync("verify-totp", new { code = begun.CodeAt(Now) });
        Assert.Equal("ACCOUNT_TAKEN_BACK", await on.TextAsync("code"));
        await LocksNobodyOutAsync(early);
        await ResetAsync(ada);
        await LocksNobodyOutAsync(await EnterAsync(passkey));

        await ada.Http.SignInAsync(ada.Email, NewPassword);
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        (await ada.Http.SignInByPasskeyAsync(passkey)).EnsureSuccessStatusCode(); // steps up, in the same session
        var mine = await (await ada.Http.GetAsync("/api/auth/passkey/list-user-passkeys")).JsonAsync();
        var removed = await ada.Http.PostAsync("/api/auth/passkey/delete-passkey", new { id = $"{mine[0]!["id"]}" });
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(passkey)).StatusCode);
        (await ada.Http.PostAsync("/api/auth/revoke-other-sessions", new { })).EnsureSuccessStatusCode();

        async Task LocksNobodyOutAsync(HttpClient thief)
        {
            var another = await thief.RegisterAsync(new SoftwareAuthenticator());
            Assert.Equal("ACCOUNT_TAKEN_BACK", await another.TextAsync("code"));
            foreach (var (path, body) in ((string, object)[])[
                ("revoke-session", new { token = $"{Guid.NewGuid()}" }), ("revoke-other-sessions", new { }),
                ("revoke-sessions", new { }), ("delete-user", new { }),
                ("passkey/update-passkey", new { id = $"{Guid.NewGuid()}", name = "Mine" })])
            {
                var refused = await thief.PostAsync($"/api/auth/{path}", body);
                Assert.Equal((path, "ACCOUNT_TAKEN_BACK"), (path, await refused.TextAsync("code")));
            }

            (await thief.PostAsync("/api/auth/sign-out", new { })).EnsureSuccessStatusCode();
        }
    }

    [Theory]
    [InlineData("/account", "Sign out everywhere")]
    [InlineData("/account/devices", "Sign out all other devices")]
    public async Task The_page_tells_who_came_by_such_a_passkey_to_sign_in_with_the_password(string page, string button)
    {
        var (ada, passkey) = await IntrudedAsync();
        portal.Time.Advance(TimeSpan.FromMinutes(21));
        await ChangeAddressAsync(await EnterAsync(passkey));
        await UndoAddressAsync(ada);
        var browser = new PlainBrowser(await EnterAsync(passkey));
        await browser.OpenAsync(page);

        await browser.SubmitAsync(button);

        Assert.StartsWith(
            "This account was taken back a short time ago. Sign in with its password first",
            browser.Summary,
            StringComparison.Ordinal);
    }

    /// <summary>The page after a reset shows such links to whoever set the password, be it a thief in the new mailbox.</summary>
    [Fact]
    public async Task No_link_that_was_shown_to_whoever_set_a_password_outlives_that_password()
    {
        var (ada, _) = await IntrudedAsync();
        var thiefs = await ChangeAddressAsync(ada.Http);
        var thief = portal.Browser();
        await thief.OpenAsync(await portal.MailResetLinkAsync(thiefs));
        await thief.SubmitAsync("Set password", ("New password", "the password of a thief"));
        var kept = thief.Page.QuerySelector("#added ~ ul a.button")!.GetAttribute("href")!;
        Assert.StartsWith("/undo-factor?", new Uri(new Uri(Portal.Url), kept).PathAndQuery, StringComparison.Ordinal);
        await UndoAddressAsync(ada);
        await ResetAsync(ada);

        await thief.OpenAsync(kept);

        Assert.Equal("This link doesn't work", thief.Heading);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task What_a_session_asked_for_is_not_finished_by_a_password_that_opens_nothing_alone()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        await ada.Http.TurnOnAsync(Now);
        var newEmail = Api.NewEmail();
        (await ada.Http.PostAsync("/api/auth/change-email", new { newEmail })).EnsureSuccessStatusCode();
        var thief = portal.Browser();
        await thief.OpenAsync((await portal.MailToAsync(newEmail))[^1].Link);

        await thief.SubmitAsync("Confirm this address", ("Password", Api.Password));

        Assert.Equal(
            "That account has more than a password. Sign in to it, then open this link again.", thief.ProblemOf("Password"));
        Assert.Equal(ada.Email, await portal.ScalarAsync<string>("select email from users where id = @Id", new { ada.Id }));
    }

    [Theory]
    [InlineData("users add {0} --verified --no-password")]
    [InlineData("users import {1}")]
    public async Task The_operator_gives_nobody_an_address_that_another_can_still_come_back_to(string command)
    {
        var (ada, _) = await IntrudedAsync();
        await ChangeAddressAsync(ada.Http);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"{{\"email\":\"{ada.Email}\"}}\n");

        var answer = await portal.RunAsync(string.Format(CultureInfo.InvariantCulture, command, ada.Email, file));

        File.Delete(file);
        Assert.NotEqual(0, answer.ExitCode);
        Assert.Contains("was the address of another account until lately", answer.Words, StringComparison.Ordinal);
        await UndoAddressAsync(ada);
    }

    [Fact]
    public async Task A_thief_does_not_choose_the_language_that_their_victim_is_warned_in()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        ada.Http.DefaultRequestHeaders.Add("Accept-Language", "ja");

        (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        await ChangeAddressAsync(ada.Http);

        string[] warned = [.. (await portal.MailToAsync(ada.Email)).Select(letter => letter.Subject)];
        Assert.Contains("A passkey was added to your account", warned);
        Assert.Contains("Your email address was changed", warned);
    }

    [Fact]
    public async Task Whoever_signs_up_with_an_address_that_is_kept_for_its_account_is_told_where_the_way_back_is()
    {
        var (ada, _) = await IntrudedAsync();
        await ChangeAddressAsync(ada.Http);
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        await using var strict = portal.Sibling(other => other.Settings["Accounts:RequireVerifiedEmail"] = "true");

        (await strict.Program().SignUpAsync(ada.Email)).EnsureSuccessStatusCode();

        var letter = (await portal.MailToAsync(ada.Email))[^1];
        Assert.Equal("You have an account already", letter.Subject);
        Assert.Contains("Your email address was changed", letter.TextBody.ReplaceLineEndings(" "), StringComparison.Ordinal);
        await UndoAddressAsync(ada);
    }

    [Fact]
    public async Task Whoever_is_enabled_again_has_time_to_take_a_deletion_back()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        await using var graceful = portal.Sibling(other => other.Settings["Accounts:DeleteAfter"] = "2.00:00:00");
        var http = graceful.Program();
        await http.SignInAsync(ada.Email);
        (await http.PostAsync("/api/auth/delete-user", new { password = Api.Password })).EnsureSuccessStatusCode();
        Assert.Equal(0, (await portal.RunAsync($"users disable {ada.Email}")).ExitCode);
        await portal.AdvanceAsync(TimeSpan.FromDays(5));

        Assert.Equal(0, (await portal.RunAsync($"users enable {ada.Email}")).ExitCode);
        await portal.AdvanceAsync(TimeSpan.FromHours(70));
        Assert.True(await ExistsAsync(ada));
        await portal.AdvanceAsync(TimeSpan.FromHours(4));
        Assert.False(await ExistsAsync(ada));
    }

    /// <summary>The letter says that the link brings the account back, so it stays good until it can.</summary>
    [Theory]
    [InlineData("Your email address was changed", "Undo the change", "Your address is back")]
    [InlineData("A passkey was added to your account", "Remove it", "It is removed")]
    public async Task Where_the_old_address_has_an_account_of_its_own_the_link_waits_until_it_has_none(
        string subject, string button, string done)
    {
        var (ada, _) = await IntrudedAsync();
        await ChangeAddressAsync(ada.Http);
        var again = await portal.NewConfirmedPersonAsync();
        await portal.ExecuteAsync(
            "update users set email = @Email, email_canonical = @Email where id = @Id", new { ada.Email, again.Id });
        var link = (await portal.MailToAsync(ada.Email)).Last(letter => letter.Subject == subject).Link;

        var owner = portal.Browser();
        await owner.OpenAsync(link);
        await owner.SubmitAsync(button);
        Assert.Contains("Your old address has an account of its own now.", owner.Text, StringComparison.Ordinal);

        (await again.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password })).EnsureSuccessStatusCode();
        await owner.OpenAsync(link);
        await owner.SubmitAsync(button);
        Assert.Equal(done, owner.Heading);
        await ResetAsync(ada);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email, NewPassword)).StatusCode);
    }

    [Theory]
    [InlineData("evict", "Your account was shut to whoever was in it")]
    [InlineData("reset-second-factor", "Your second factor was removed")]
    public async Task What_the_operator_takes_away_its_person_hears_of(string command, string subject)
    {
        var (ada, _) = await IntrudedAsync();

        Assert.Equal(0, (await portal.RunAsync($"users {command} {ada.Email}")).ExitCode);

        Assert.Equal(subject, (await portal.MailToAsync(ada.Email))[^1].Subject);
    }

    /// <summary>A thief may ask in the owner's name, from the mailbox that the account was moved to.</summary>
    [Theory]
    [InlineData("evict", "")]
    [InlineData("evict", "--move-to")]
    [InlineData("reset-second-factor", "")]
    public async Task The_mailbox_before_a_change_hears_of_it_too_and_the_operator_is_warned(string command, string option)
    {
        var (ada, _) = await IntrudedAsync();
        var thiefs = await ChangeAddressAsync(ada.Http);
        var before = (await portal.MailToAsync(ada.Email)).Count;

        var answer = await portal.RunAsync(
            $"users {command} {thiefs} {(option == "" ? "" : $"{option} {Api.NewEmail()}")}".Trim());

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("its address was changed on", answer.Words, StringComparison.Ordinal);
        Assert.Equal(before + 1, (await portal.MailToAsync(ada.Email)).Count);
    }

    [Fact]
    public async Task The_operator_is_told_that_the_mailbox_may_not_be_the_owners()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var thiefs = await ChangeAddressAsync(ada.Http);

        var answer = await portal.RunAsync($"users evict {thiefs}");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("its address was changed on 2031-", answer.Words, StringComparison.Ordinal);
        var letter = (await portal.MailToAsync(ada.Email))[^1];
        Assert.Equal("Your account was shut to whoever was in it", letter.Subject);
        Assert.Contains("that had this address until lately", letter.TextBody.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_moves_an_account_to_its_owners_mailbox_where_its_own_is_in_other_hands()
    {
        var (ada, passkey) = await IntrudedAsync();
        var (thiefs, owners) = (await ChangeAddressAsync(ada.Http), Api.NewEmail());
        var undo = (await portal.MailToAsync(ada.Email))[^1].Link;

        var answer = await portal.RunAsync($"users evict {thiefs} --move-to {owners}");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(
            ["Your account was shut to whoever was in it"], (await portal.MailToAsync(owners)).Select(mail => mail.Subject));
        Assert.Contains(
            "has given it another",
            (await portal.MailToAsync(thiefs))[^1].TextBody.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(passkey)).StatusCode);
        var old = portal.Browser();
        await old.OpenAsync(undo);
        Assert.Equal("This link doesn't work", old.Heading);
        await ResetAsync(ada with { Email = owners });
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(owners, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task Whoever_sits_on_that_mailboxs_address_unconfirmed_does_not_stand_in_its_owners_way()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var squatter = await portal.NewPersonAsync();

        var answer = await portal.RunAsync($"users evict {ada.Email} --move-to {squatter.Email}");

        Assert.Equal(0, answer.ExitCode);
        Assert.False(await ExistsAsync(squatter));
        Assert.Equal(HttpStatusCode.Unauthorized, (await squatter.Http.GetAsync("/api/me")).StatusCode);
        await ResetAsync(ada with { Email = squatter.Email });
        Assert.Equal(
            HttpStatusCode.OK, (await portal.Program().SignInAsync(squatter.Email, NewPassword)).StatusCode);
    }

    [Fact]
    public async Task An_account_is_moved_to_no_address_that_another_can_still_come_back_to()
    {
        var (ada, _) = await IntrudedAsync();
        await ChangeAddressAsync(ada.Http);
        var eve = await portal.NewConfirmedPersonAsync("Eve");

        var answer = await portal.RunAsync($"users evict {eve.Email} --move-to {ada.Email}");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("was the address of another account until lately", answer.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(eve.Email)).StatusCode);
        await UndoAddressAsync(ada);
    }

    [Fact]
    public async Task Where_no_mail_is_sent_nobody_is_shut_out_of_an_account_that_only_mail_could_open()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        await using var mute = portal.Sibling(other => other.Settings["Mail:Host"] = "");

        var answer = await mute.RunAsync($"users evict {ada.Email}");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("Mail__Host", answer.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task An_account_is_moved_to_no_address_that_is_taken_and_to_none_that_is_no_address()
    {
        var (ada, other) = (await portal.NewConfirmedPersonAsync(), await portal.NewConfirmedPersonAsync());

        var taken = await portal.RunAsync($"users evict {ada.Email} --move-to {other.Email}");
        var odd = await portal.RunAsync($"users evict {ada.Email} --move-to ada");

        Assert.Equal((2, 2), (taken.ExitCode, odd.ExitCode));
        Assert.Contains("has an account already", taken.Words, StringComparison.Ordinal);
        Assert.Contains("\"ada\" is not an email address", odd.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email)).StatusCode); // nothing was ended
    }

    /// <summary>Adding and removing hold the person's row; so must what ends all.</summary>
    [Theory]
    [InlineData("evict")]
    [InlineData("reset-second-factor")]
    public async Task A_passkey_that_is_being_added_or_removed_meanwhile_neither_stays_nor_stands_in_the_way(string command)
    {
        var (ada, _) = await IntrudedAsync();
        await using var db = await portal.Behind.OpenConnectionAsync();
        await using var transaction = await db.BeginTransactionAsync();
        await ExecuteAsync("select id from users where id = @id for no key update");
        var evicting = Task.Run(() => portal.RunAsync($"users {command} {ada.Email}"));
        await Eventually.SeeAsync("the operator's command waits", true, () => portal.ScalarAsync<bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));
        await ExecuteAsync("delete from passkeys where user_id = @id");
        await ExecuteAsync(
            """
            insert into passkeys (id, user_id, credential_id, public_key, sign_count, transports, backup_eligible,
                                  backed_up, aaguid, name, created_at)
            values (gen_random_uuid(), @id, sha256('another'), '\x01020304', 0, '{}', false, false, gen_random_uuid(),
                    'another', now())
            """);
        await transaction.CommitAsync();

        Assert.Equal(0, (await evicting).ExitCode);
        Assert.Equal(0L, await portal.ScalarAsync<long>(
            "select count(*) from passkeys where user_id = @Id", new { ada.Id }));

        async Task ExecuteAsync(string sql)
        {
            await using var statement = new NpgsqlCommand(sql, db, transaction);
            statement.Parameters.AddWithValue("id", ada.Id);
            await statement.ExecuteNonQueryAsync();
        }
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();

    /// <summary>Somebody with a confirmed address, to whose account a thief has just added a passkey.</summary>
    private async Task<(Person Person, SoftwareAuthenticator Passkey)> IntrudedAsync()
    {
        var (person, passkey) = (await portal.NewConfirmedPersonAsync(), new SoftwareAuthenticator());
        (await person.Http.RegisterAsync(passkey, "Thief's")).EnsureSuccessStatusCode();
        return (person, passkey);
    }

    private async Task<HttpClient> EnterAsync(SoftwareAuthenticator passkey)
    {
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        var thief = portal.Program();
        (await thief.SignInByPasskeyAsync(passkey)).EnsureSuccessStatusCode();
        return thief;
    }

    /// <summary>
    /// Without a password any proof would delete; but so soon after the account was taken back, only the new password
    /// does, and nothing is erased yet.
    /// </summary>
    private async Task IsNotDestroyedAsync(Person ada, SoftwareAuthenticator passkey)
    {
        var thief = await EnterAsync(passkey);
        var refused = await thief.PostAsync("/api/auth/delete-user", new { password = "" });
        Assert.Equal("ACCOUNT_TAKEN_BACK", await refused.TextAsync("code"));
        await ResetAsync(ada);
        await ada.Http.SignInAsync(ada.Email, NewPassword);
        var deleted = await ada.Http.PostAsync("/api/auth/delete-user", new { password = NewPassword });
        Assert.Equal("User will be deleted", await deleted.TextAsync("message"));
        Assert.Equal("Your account will be deleted", (await portal.MailToAsync(ada.Email))[^1].Subject);
        await portal.AdvanceAsync(TimeSpan.FromHours(70));
        Assert.True(await ExistsAsync(ada));
    }

    /// <returns>The new address, which is confirmed by the session that asked for it.</returns>
    private async Task<string> ChangeAddressAsync(HttpClient http)
    {
        var newEmail = Api.NewEmail();
        var done = await http.SendAsync(await ConfirmAsync(http, newEmail));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        return newEmail;
    }

    private async Task<HttpRequestMessage> ConfirmAsync(HttpClient http, string newEmail)
    {
        (await http.PostAsync("/api/auth/change-email", new { newEmail })).EnsureSuccessStatusCode();
        var link = (await portal.MailToAsync(newEmail))[^1].Link;
        var token = FormToken().Match(await http.GetStringAsync(link)).Value;
        var form = Visit.Request(HttpMethod.Post, link, ("Origin", Portal.Url));
        form.Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
        return form;
    }

    private async Task UndoAddressAsync(Person person)
    {
        var owner = portal.Browser();
        await owner.OpenAsync((await portal.MailToAsync(person.Email))
            .Last(letter => letter.Subject == "Your email address was changed").Link);
        await owner.SubmitAsync("Undo the change");
        Assert.Equal("Your address is back", owner.Heading);
    }

    /// <summary>By the last letter that told of a passkey.</summary>
    private async Task<PlainBrowser> RemoveAsync(Person person)
    {
        var owner = portal.Browser();
        await owner.OpenAsync((await portal.MailToAsync(person.Email))
            .Last(letter => letter.Subject == "A passkey was added to your account").Link);
        await owner.SubmitAsync("Remove it");
        Assert.Equal("It is removed", owner.Heading);
        return owner;
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

    [GeneratedRegex("(?<=name=\"__RequestVerificationToken\"[^>]*value=\")[^\"]+")]
    private static partial Regex FormToken();
}
