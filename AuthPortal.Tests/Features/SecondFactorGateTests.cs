using System.Net;
using System.Net.Http.Headers;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>The gate as every way in meets it: what a password alone gets where more is asked for.</summary>
public sealed class SecondFactorGateTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    [Fact]
    public async Task With_an_authenticator_on_a_program_s_password_gets_the_next_step_and_no_token()
    {
        var person = await WithTotpAsync();
        var response = await portal.Stranger().SignInAsync(person.Email);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"twoFactorRedirect":true,"twoFactorMethods":["totp"]}""", await response.Content.ReadAsStringAsync());
        GetsNothing(response);
        var pending = response.Cookie("pending")!;
        Assert.Contains("; max-age=300", pending, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", pending, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_waits_for_the_second_factor_opens_nothing_as_a_token()
    {
        var person = await WithTotpAsync();
        var pending = (await portal.Stranger().SignInAsync(person.Email)).Cookie("pending")!.Split('=', 2)[1].Split(';')[0];

        foreach (var path in (string[])["/api/me", "/api/auth/token", "/api/auth/list-sessions"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync(path, pending)).StatusCode);
            var asCookies = new SessionCookies(pending, pending);
            Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync(path, asCookies)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = pending })).StatusCode);
    }

    [Fact]
    public async Task A_new_password_by_mail_opens_no_more_than_the_old_one_did()
    {
        var person = await WithTotpAsync();
        await portal.ConfirmAddressAsync(person);
        await portal.Stranger().PostAsync("/api/auth/request-password-reset", new { email = person.Email });
        var link = (await portal.MailToAsync(person.Email))[^1].Link;
        var token = link.Split("token=")[1];
        await portal.Stranger().PostAsync("/api/auth/reset-password", new { token, newPassword = "another horse battery" });

        var response = await portal.Stranger().SignInAsync(person.Email, "another horse battery");
        Assert.True((await response.JsonAsync())["twoFactorRedirect"]!.GetValue<bool>());
        GetsNothing(response);
    }

    [Fact]
    public async Task Where_everybody_must_have_one_who_has_none_gets_no_token_by_signing_in_or_up()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var person = await portal.NewPersonAsync();

        var signIn = await strict.Stranger().SignInAsync(person.Email);
        Assert.Equal("SECOND_FACTOR_REQUIRED", await signIn.TextAsync("code"));
        GetsNothing(signIn);

        var signUp = await strict.Stranger().SignUpAsync(Api.NewEmail());
        Assert.Equal(HttpStatusCode.OK, signUp.StatusCode);
        Assert.Null((await signUp.JsonAsync())["token"]);
        GetsNothing(signUp);
    }

    [Fact]
    public async Task A_session_from_before_the_policy_is_renewed_no_more()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:RequiredForRoles:0"] = "admin");
        var person = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(strict, person)).StatusCode);

        await portal.ExecuteAsync("update users set roles = '{admin}' where id = @Id", new { person.Id });
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(strict, person)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(portal, person)).StatusCode);
    }

    [Fact]
    public async Task A_disabled_person_is_not_asked_for_more_but_refused_like_a_wrong_password()
    {
        var person = await WithTotpAsync();
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { person.Id });

        var right = await portal.Stranger().SignInAsync(person.Email);
        var wrong = await portal.Stranger().SignInAsync(person.Email, "wrong horse battery");
        Assert.Equal(await wrong.Content.ReadAsStringAsync(), await right.Content.ReadAsStringAsync());
        Assert.Null(right.Cookie("pending"));
    }

    [Fact]
    public async Task Whoever_owns_the_account_reads_that_somebody_knew_the_password()
    {
        var person = await WithTotpAsync();
        await portal.Stranger().SignInAsync(person.Email);

        Assert.Equal("second-factor-asked", await portal.ScalarAsync<string>(
            "select type from audit_events join audit_details using (seq) where user_id = @Id order by seq desc limit 1",
            new { person.Id }));
    }

    [Fact]
    public async Task Programs_see_that_it_is_on_and_nothing_where_it_is_off()
    {
        var person = await portal.NewPersonAsync();
        Assert.Null((await SessionAsync(person.AccessToken))["user"]!["twoFactorEnabled"]);

        await TurnOnAsync(person);
        var refreshed = await RefreshAsync(portal, person);
        var token = await refreshed.TextAsync("token");
        Assert.True((await SessionAsync(token))["user"]!["twoFactorEnabled"]!.GetValue<bool>());
    }

    private async Task<System.Text.Json.Nodes.JsonNode> SessionAsync(string token)
    {
        var request = Visit.Request(HttpMethod.Get, "/api/auth/get-session");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await (await portal.Stranger().SendAsync(request)).JsonAsync();
    }

    private static Task<HttpResponseMessage> RefreshAsync(Portal portal, Person person) => portal.Stranger().SendAsync(
        HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = person.RefreshToken });

    private async Task<Person> WithTotpAsync()
    {
        var person = await portal.NewPersonAsync();
        await TurnOnAsync(person);
        return person;
    }

    private Task TurnOnAsync(Person person) => portal.ExecuteAsync(
        "insert into totp_credentials (user_id, secret, created_at, confirmed_at) values (@Id, 'x', now(), now())",
        new { person.Id });

    private static void GetsNothing(HttpResponseMessage response)
    {
        Assert.Null(response.Header("set-auth-token"));
        Assert.Null(response.Header("set-auth-jwt"));
        foreach (var cookie in (string[])["access", "refresh"])
            Assert.True(response.Cookie(cookie)?.Contains("=;", StringComparison.Ordinal) is not false);
    }
}
