using System.Net;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>
/// The attacks that once let somebody in or kept them in (December 2026, H1 to H4, M1, M4 and M5), each told from its
/// beginning to the point where it fails now. The kinds they belong to have tests of their own.
/// </summary>
public sealed class AttackTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string NewPassword = "staple battery horse";

    [Fact]
    public async Task H1_a_mailbox_does_not_guess_its_way_through_the_second_factor()
    {
        var (ada, app) = await EnrolledAsync();
        var judged = 0;
        for (var reset = 0; reset < 8; reset++)
        {
            var thief = await ResetAsync(ada, $"{NewPassword} {reset}");
            for (var guess = 0; guess < 5; guess++)
            {
                var answer = await thief.TwoFactorAsync("verify-totp", new { code = "000000" });
                if (answer.StatusCode == HttpStatusCode.Unauthorized)
                    judged++;
                else
                    Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            }
        }

        Assert.Equal(5, judged);
        var last = await ResetAsync(ada, NewPassword);
        var right = await last.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
    }

    [Fact]
    public async Task H2_an_app_that_a_thief_began_to_set_up_is_not_the_one_that_its_owner_turns_on()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var thief = portal.Program();
        await thief.SignInAsync(ada.Email);
        var stolen = await thief.EnableAsync();
        await ResetAsync(ada, NewPassword);

        var owner = portal.Browser();
        await owner.OpenAsync("/sign-in?returnUrl=/account/security/authenticator");
        await owner.SignInAsync(ada.Email, NewPassword);
        var phone = Phone.SetUpFrom(owner, portal.Time);
        Assert.NotEqual(stolen.Secret, phone.Key.Replace(" ", "", StringComparison.Ordinal));
        await owner.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.Equal(10, owner.Page.QuerySelectorAll(".codes code").Length);

        portal.Time.Advance(TimeSpan.FromMinutes(1));
        var half = portal.Program();
        await half.SignInAsync(ada.Email, NewPassword);
        var byCode = await half.TwoFactorAsync("verify-totp", new { code = stolen.CodeAt(Now) });
        var byRecoveryCode = await half.TwoFactorAsync("verify-backup-code", new { code = stolen.RecoveryCodes[0] });
        Assert.Equal(HttpStatusCode.Unauthorized, byCode.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, byRecoveryCode.StatusCode);
    }

    [Fact]
    public async Task H2_where_a_second_factor_is_demanded_two_half_sign_ins_see_two_keys()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var (thief, owner) = (strict.Browser(), strict.Browser());
        foreach (var browser in (PlainBrowser[])[thief, owner])
        {
            await browser.OpenAsync("/sign-in");
            await browser.SignInAsync(ada.Email);
            Assert.Equal("/sign-in/set-up", browser.Url.AbsolutePath);
        }

        var (seen, own) = (Phone.SetUpFrom(thief, portal.Time), Phone.SetUpFrom(owner, portal.Time));
        Assert.NotEqual(seen.Key, own.Key);
        await owner.SubmitAsync("Turn it on", ("Code", own.Code));
        Assert.Equal("Keep your recovery codes", owner.Heading);
        await thief.SubmitAsync("Turn it on", ("Code", seen.Code));
        Assert.NotEqual("Keep your recovery codes", thief.Heading);
    }

    [Fact]
    public async Task H3_who_reads_the_old_mailbox_undoes_the_change_and_is_still_asked_for_the_second_factor()
    {
        var (ada, app) = await EnrolledAsync();
        portal.Time.Advance(TimeSpan.FromHours(1));
        await ada.Http.SignInAsync(ada.Email);
        await ada.Http.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        await ChangeAddressAsync(ada);

        var thief = portal.Browser();
        await thief.OpenAsync((await portal.MailToAsync(ada.Email))[^1].Link);
        await thief.SubmitAsync("Undo the change");
        var half = await ResetAsync(ada, NewPassword);

        var right = await half.TwoFactorAsync("verify-totp", new { code = app.CodeAt(Now) });
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task H4_the_runbook_leaves_no_passkey_of_an_intruder()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var passkey = new SoftwareAuthenticator();
        var thief = portal.Program();
        await thief.SignInAsync(ada.Email);
        (await thief.RegisterAsync(passkey)).EnsureSuccessStatusCode();

        foreach (var command in (string[])["disable", "reset-second-factor", "enable"])
            Assert.Equal(0, (await portal.RunAsync($"users {command} {ada.Email}")).ExitCode);
        await portal.SettledAsync();
        await ResetAsync(ada, NewPassword);

        var answer = await portal.Program().SignInByPasskeyAsync(passkey);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task H4_who_is_locked_out_by_an_intruders_app_takes_it_away_from_the_letter_that_tells_of_it()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var passkey = new SoftwareAuthenticator();
        var thief = portal.Program();
        await thief.SignInAsync(ada.Email);
        (await thief.RegisterAsync(passkey)).EnsureSuccessStatusCode();
        await thief.TurnOnAsync(Now);

        var owner = portal.Browser();
        var letter = (await portal.MailToAsync(ada.Email)).Last(mail => mail.Subject == "Your second factor is on");
        await owner.OpenAsync(letter.Link);
        await owner.SubmitAsync("Remove it");
        var signedIn = await ResetAsync(ada, NewPassword);

        Assert.Equal(HttpStatusCode.OK, (await signedIn.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInByPasskeyAsync(passkey)).StatusCode);
    }

    [Fact]
    public async Task M1_a_borrowed_session_changes_the_address_and_deletes_nothing_before_that_can_be_undone()
    {
        var ada = await portal.NewConfirmedPersonAsync();
        var thiefs = await ChangeAddressAsync(ada);
        (await ada.Http.PostAsync("/api/auth/delete-user", new { })).EnsureSuccessStatusCode();
        var thief = portal.Browser();
        await thief.OpenAsync((await portal.MailToAsync(thiefs))[^1].Link);
        await thief.SubmitAsync("Delete my account");

        var letters = await portal.MailToAsync(ada.Email);
        Assert.Contains("Your email address was changed", letters.Select(letter => letter.Subject));
        Assert.Contains("Your account will be deleted", letters.Select(letter => letter.Subject));
        var owner = portal.Browser();
        await owner.OpenAsync(letters.Last(letter => letter.Subject == "Your email address was changed").Link);
        await owner.SubmitAsync("Undo the change");
        portal.Time.Advance(TimeSpan.FromDays(4));
        var back = await ResetAsync(ada, NewPassword);
        Assert.Equal(HttpStatusCode.OK, (await back.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task M4_the_secret_of_an_app_that_is_on_is_shown_to_nobody()
    {
        var (ada, _) = await EnrolledAsync();

        var answer = await ada.Http.TwoFactorAsync("get-totp-uri", new { });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("TOTP_ALREADY_ENABLED", await answer.TextAsync("code"));
    }

    [Fact]
    public async Task M5_forward_auth_vouches_for_no_address_that_nobody_proved()
    {
        var ada = await portal.NewPersonAsync();
        var before = await portal.Stranger().GetAsync("/api/auth/verify", ada.AccessToken);
        Assert.Equal($"{ada.Id}", before.Header("X-Auth-User"));
        Assert.Null(before.Header("X-Auth-Email"));

        await portal.ConfirmAddressAsync(ada);
        var verified = await portal.SignInAgainAsync(ada);
        var after = await portal.Stranger().GetAsync("/api/auth/verify", verified);
        Assert.Equal(ada.Email, after.Header("X-Auth-Email"));
    }

    private DateTimeOffset Now => portal.Time.GetUtcNow();

    /// <summary>Somebody with a confirmed address, whose app is on and shows a code that was not used yet.</summary>
    private async Task<(Person Person, App App)> EnrolledAsync()
    {
        var person = await portal.NewConfirmedPersonAsync();
        var app = await person.Http.TurnOnAsync(Now);
        portal.Time.Advance(TimeSpan.FromSeconds(30));
        return (person, app);
    }

    /// <summary>Sets a new password by a mailed link, in a client without cookies, and signs in with it.</summary>
    private async Task<HttpClient> ResetAsync(Person person, string newPassword)
    {
        var http = portal.Program();
        var token = LinkKind.TokenOf(await portal.MailResetLinkAsync(person.Email, http));
        (await http.PostAsync("/api/auth/reset-password", new { newPassword, token })).EnsureSuccessStatusCode();
        (await http.SignInAsync(person.Email, newPassword)).EnsureSuccessStatusCode();
        return http;
    }

    /// <returns>The new address, which is confirmed.</returns>
    private async Task<string> ChangeAddressAsync(Person person)
    {
        var newEmail = Api.NewEmail();
        (await person.Http.PostAsync("/api/auth/change-email", new { newEmail })).EnsureSuccessStatusCode();
        var confirm = new PlainBrowser(person.Http);
        await confirm.OpenAsync((await portal.MailToAsync(newEmail))[^1].Link);
        await confirm.SubmitAsync("Confirm this address");
        Assert.Equal(HttpStatusCode.Redirect, confirm.Status);
        return newEmail;
    }
}
