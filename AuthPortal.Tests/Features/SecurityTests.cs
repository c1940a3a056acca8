using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Changing one's password, from the page and from a program.</summary>
public sealed class SecurityTests(Portal portal) : IClassFixture<Portal>
{
    private const string Newer = "another battery staple";

    [Fact]
    public async Task A_new_password_counts_at_once_and_the_old_one_no_longer()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.OpenAsync("/.well-known/change-password");
        Assert.Equal("/account/security", browser.Url.AbsolutePath);

        await ChangeAsync(browser, Api.Password, Newer);

        Assert.Contains("Your password is changed.", browser.Text, StringComparison.Ordinal);
        var old = await portal.Stranger().SignInAsync(email);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        var newer = await portal.Stranger().SignInAsync(email, Newer);
        Assert.Equal(HttpStatusCode.OK, newer.StatusCode);
        Assert.Equal(
            "Your password was changed",
            await portal.ScalarAsync<string>("select subject from outbox where to_address = @email", new { email }));
    }

    [Theory]
    [InlineData(true, "/sign-in")]
    [InlineData(false, "/account")]
    public async Task Other_devices_are_signed_out_unless_the_box_is_unticked_and_this_one_goes_on(
        bool ticked, string phoneIsAt)
    {
        var (browser, phone, other) = (portal.Browser(), portal.Browser(), portal.Browser());
        var email = await browser.SignUpAsync();
        await phone.OpenAsync("/sign-in");
        await phone.SignInAsync(email);
        await other.SignUpAsync("Grace");
        await browser.OpenAsync("/account/security");
        if (!ticked)
            browser.Fill("Sign out my other devices", "off");

        await ChangeAsync(browser, Api.Password, Newer);

        await browser.OpenAsync("/account");
        Assert.Equal("/account", browser.Url.AbsolutePath);
        await phone.OpenAsync("/account");
        Assert.Equal(phoneIsAt, phone.Url.AbsolutePath);
        await other.OpenAsync("/account");
        Assert.Equal("/account", other.Url.AbsolutePath);
    }

    [Fact]
    public async Task What_will_not_do_is_refused_beside_its_field_and_changes_nothing()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        await browser.OpenAsync("/account/security");

        await ChangeAsync(browser, "not my password", Newer);
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("That is not your current password. Type it again.", browser.ProblemOf("Current password"));
        await ChangeAsync(browser, Api.Password, "short");
        Assert.StartsWith("This password is too short.", browser.ProblemOf("New password"), StringComparison.Ordinal);
        await ChangeAsync(browser, Api.Password, email);
        Assert.NotEqual("", browser.ProblemOf("New password"));
        await ChangeAsync(browser, "", "");
        Assert.Equal("Enter your current password.", browser.ProblemOf("Current password"));

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(email)).StatusCode);
    }

    [Fact]
    public async Task A_program_that_ends_the_other_sessions_goes_on_with_the_token_it_is_given()
    {
        var person = await portal.NewPersonAsync();
        var http = portal.Stranger();
        var body = new { currentPassword = Api.Password, newPassword = Newer, revokeOtherSessions = true };

        var response = await http.SendAsync(
            HttpMethod.Post, "/api/auth/change-password", person.AccessToken, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(person.Email, (await response.JsonAsync())["user"]!["email"]!.GetValue<string>());
        Assert.Null(response.Header("Set-Cookie"));
        var token = await response.TextAsync("token");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", person.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(person.RefreshToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(response.Header("set-auth-token")!)).StatusCode);
    }

    [Fact]
    public async Task A_program_that_does_not_ask_keeps_its_tokens_and_gets_none()
    {
        var person = await portal.NewPersonAsync();
        var http = portal.Stranger();

        var response = await http.SendAsync(HttpMethod.Post, "/api/auth/change-password", person.AccessToken,
            new { currentPassword = Api.Password, newPassword = Newer });

        Assert.Null((await response.JsonAsync())["token"]);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", person.AccessToken)).StatusCode);
        var wrong = await http.SendAsync(HttpMethod.Post, "/api/auth/change-password", person.AccessToken,
            new { currentPassword = Api.Password, newPassword = Newer });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal("INVALID_PASSWORD", await wrong.TextAsync("code"));
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_wins()
    {
        var person = await portal.NewPersonAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/change-password", person.AccessToken,
            new { currentPassword = Api.Password, newPassword = $"{Newer} {n}" })));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_is_verified_for_its_own_person_alone()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        await portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/change-password", grace.AccessToken,
            new { currentPassword = Api.Password, newPassword = Newer });

        Assert.Equal(HttpStatusCode.OK, await VerifyAsync(ada, Api.Password));
        Assert.Equal(HttpStatusCode.BadRequest, await VerifyAsync(ada, Newer));
        Assert.Equal(HttpStatusCode.OK, await VerifyAsync(grace, Newer));
        Assert.Equal(HttpStatusCode.BadRequest, await VerifyAsync(grace, Api.Password));
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { grace.Id });
        Assert.Equal(HttpStatusCode.Unauthorized, await VerifyAsync(grace, Newer));
    }

    private static Task ChangeAsync(PlainBrowser browser, string current, string newer) => browser.SubmitAsync(
        "Change password", ("Current password", current), ("New password", newer));

    private Task<HttpResponseMessage> RefreshAsync(string refreshToken) =>
        portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken });

    private async Task<HttpStatusCode> VerifyAsync(Person person, string password) =>
        (await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/verify-password", person.AccessToken, new { password })).StatusCode;
}
