using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A forgotten password, from the sign-in page to the next sign-in.</summary>
public sealed class PasswordResetTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    private const string NewPassword = "staple battery horse";

    private const string NoLonger =
        "This link no longer works: it has been used, it is too old, or a newer link replaced it.";

    [Fact]
    public async Task Who_forgot_it_sets_a_new_one_by_the_mailed_link_and_signs_in()
    {
        var ada = await portal.NewPersonAsync();
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.FollowAsync("Forgot your password?");
        await browser.SubmitAsync("Send the link", ("Email", $" {ada.Email.ToUpperInvariant()} "));
        Assert.Contains("If there is an account with this address", browser.Text, StringComparison.Ordinal);

        await browser.OpenAsync((await MailAsync(ada)).Link);
        await browser.SubmitAsync("Set password", ("New password", NewPassword));
        Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);
        Assert.False(browser.IsSignedIn());

        await browser.FollowAsync("Sign in");
        await browser.SignInAsync(ada.Email, NewPassword);
        Assert.Equal("/account", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task Every_session_ends_at_once_the_owner_hears_of_it_and_the_log_tells()
    {
        var ada = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(ada);
        var http = portal.Stranger();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", cookies)).StatusCode);

        await ResetAsync(await LinkAsync(ada));

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", cookies)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", ada.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SignInAsync(ada.Email)).StatusCode);
        Assert.Equal("Your password was changed", (await portal.MailToAsync(ada.Email))[^1].Subject);
        Assert.Equal(
            ["password-reset-requested", "password-reset"],
            await portal.ListAsync<string>(
                """
                select type from audit_events join audit_details using (seq)
                 where user_id = @Id and type like 'password-reset%' order by seq
                """,
                new { ada.Id }));
        Assert.True(await portal.ScalarAsync<bool>(
            "select email_verified_at is not null from users where id = @Id", new { ada.Id }));
    }

    [Fact]
    public async Task A_password_that_will_not_do_is_refused_beside_its_field_and_the_link_goes_on()
    {
        var ada = await portal.NewPersonAsync();
        var link = await LinkAsync(ada);

        var browser = await ResetAsync(link, "short");
        Assert.Equal(
            "This password is too short. Use at least 8 characters; several unrelated words work well.",
            browser.ProblemOf("New password"));
        await browser.SubmitAsync("Set password", ("New password", ada.Email));
        Assert.StartsWith("Your password can't be your own", browser.ProblemOf("New password"), StringComparison.Ordinal);
        await browser.SubmitAsync("Set password", ("New password", NewPassword));
        Assert.Contains("Now sign in.", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_ten_uses_at_once_one_succeeds()
    {
        var ada = await portal.NewPersonAsync();
        var token = TokenOf(await LinkAsync(ada));
        var http = portal.Stranger();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
            http.PostAsync("/api/auth/reset-password", new { newPassword = $"horse number {n}", token })));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
            Assert.Equal("INVALID_TOKEN", await refused.TextAsync("code"));
        Assert.Equal(2, await portal.ScalarAsync<int>("select session_version from users where id = @Id", new { ada.Id }));
    }

    [Fact]
    public async Task An_older_link_dies_with_the_use_of_a_newer()
    {
        var ada = await portal.NewPersonAsync();
        var older = await LinkAsync(ada);
        await portal.WaitForTheNextMailAsync();
        await ResetAsync(await LinkAsync(ada));

        await RefusedAsync(older);
    }

    [Fact]
    public async Task A_link_goes_on_when_the_same_password_is_hashed_anew_and_still_works_once()
    {
        var ada = await portal.NewPersonAsync();
        var hash = BCrypt.Net.BCrypt.HashPassword(Api.Password, 10);
        await portal.ExecuteAsync("update users set password_hash = @hash where id = @Id", new { hash, ada.Id });
        var link = await LinkAsync(ada);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(ada.Email)).StatusCode);
        Assert.StartsWith("bcrypt-hmac-sha384:", await portal.ScalarAsync<string>(
            "select password_hash from users where id = @Id", new { ada.Id }), StringComparison.Ordinal);

        Assert.Contains("Now sign in.", (await ResetAsync(link)).Text, StringComparison.Ordinal);
        await RefusedAsync(link);
    }

    [Fact]
    public async Task A_link_dies_when_the_address_it_was_mailed_to_is_no_longer_theirs()
    {
        var ada = await portal.NewPersonAsync();
        var link = await LinkAsync(ada);
        var newer = Api.NewEmail();
        await portal.ExecuteAsync(
            "update users set email = @newer, email_canonical = @newer where id = @Id", new { newer, ada.Id });

        await RefusedAsync(link);
    }

    [Fact]
    public async Task A_link_dies_when_the_account_is_disabled()
    {
        var ada = await portal.NewPersonAsync();
        var link = await LinkAsync(ada);
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { ada.Id });

        await RefusedAsync(link);
    }

    [Fact]
    public async Task Somebody_without_a_password_gets_one_by_a_link_that_works_once()
    {
        var ada = await portal.NewPersonAsync();
        await portal.ExecuteAsync("update users set password_hash = null where id = @Id", new { ada.Id });
        var link = await LinkAsync(ada);

        Assert.Contains("Now sign in.", (await ResetAsync(link)).Text, StringComparison.Ordinal);
        await RefusedAsync(link);
    }

    private async Task<KeptMail> MailAsync(Person person) => (await portal.MailToAsync(person.Email))[^1];

    private async Task<string> LinkAsync(Person person)
    {
        var asked = await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email = person.Email });
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        return (await MailAsync(person)).Link;
    }

    private async Task<PlainBrowser> ResetAsync(string link, string password = NewPassword)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(link);
        await browser.SubmitAsync("Set password", ("New password", password));
        return browser;
    }

    private async Task RefusedAsync(string link)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(link);
        await RefusedWithTheWayOnAsync(browser);
        var answer = await portal.Stranger().PostAsync(
            "/api/auth/reset-password", new { newPassword = NewPassword, token = TokenOf(link) });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("INVALID_TOKEN", await answer.TextAsync("code"));
    }

    private static async Task RefusedWithTheWayOnAsync(PlainBrowser browser)
    {
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(NoLonger, browser.Summary);
        await browser.FollowAsync("Get a new link");
        Assert.Equal("/forgot-password", browser.Url.AbsolutePath);
    }

    private static string TokenOf(string link) =>
        link.Contains("token=", StringComparison.Ordinal) ? link.Split("token=")[1].Split('&')[0] : "";
}
