using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What a borrowed session must not do asks for a sign-in of the last ten minutes.</summary>
public sealed class StepUpTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(10.1);

    [Fact]
    public async Task A_download_long_after_the_sign_in_asks_who_it_is_and_then_goes_on()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync("/account/data?handler=Download");
        Assert.Equal(HttpStatusCode.OK, browser.Status);

        portal.Time.Advance(TooLong);
        await browser.OpenAsync("/account/data?handler=Download");
        Assert.Equal("Confirm it's you", browser.Heading);

        await browser.SubmitAsync("Continue", ("Password", "wrong horse battery"));
        Assert.Equal("That is not your current password. Type it again.", browser.ProblemOf("Password"));
        await browser.SubmitAsync("Continue", ("Password", Api.Password));
        Assert.Equal("/account/data", browser.Url.AbsolutePath);
        await browser.OpenAsync("/account/data?handler=Download");
        Assert.Equal("application/json", browser.Response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_session_stays_the_same_one_and_says_when_it_was_proved_anew()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync("/api/me");
        var before = System.Text.Json.Nodes.JsonNode.Parse(await browser.Response.Content.ReadAsStringAsync())!;

        portal.Time.Advance(TooLong);
        await browser.OpenAsync("/step-up?returnUrl=/api/me");
        await browser.SubmitAsync("Continue", ("Password", Api.Password));

        var after = System.Text.Json.Nodes.JsonNode.Parse(await browser.Response.Content.ReadAsStringAsync())!;
        Assert.Equal($"{before["session"]}", $"{after["session"]}");
        await browser.OpenAsync("/account/devices");
        Assert.Single(browser.Page.QuerySelectorAll("ul.list > li"));
    }

    [Fact]
    public async Task Who_signed_in_lately_enough_for_the_asking_service_goes_straight_on()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        portal.Time.Advance(TimeSpan.FromSeconds(61));

        await browser.OpenAsync("/step-up?max_age=300&returnUrl=/account/activity");
        Assert.Equal("/account/activity", browser.Url.AbsolutePath);
        await browser.OpenAsync("/step-up?max_age=60&returnUrl=/account/activity");
        Assert.Equal("/step-up", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task A_program_is_told_in_the_standard_way_what_is_missing()
    {
        var person = await portal.NewPersonAsync();
        portal.Time.Advance(TooLong);

        var response = await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/change-email", person.AccessToken, new { newEmail = Api.NewEmail() });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("SESSION_NOT_FRESH", await response.TextAsync("code"));
        Assert.Equal(
            "Bearer error=\"insufficient_user_authentication\", "
                + "error_description=\"A sign-in of the last ten minutes is needed\", max_age=600",
            response.Header("WWW-Authenticate"));

        var signedIn = await portal.Stranger().SignInAsync(person.Email);
        response = await portal.Stranger().SendAsync(
            HttpMethod.Post,
            "/api/auth/change-email",
            await signedIn.TextAsync("token"),
            new { newEmail = Api.NewEmail() });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_password_with_the_request_is_a_proof_of_its_own_while_it_is_the_only_one()
    {
        var person = await portal.NewPersonAsync();
        portal.Time.Advance(TooLong);
        Assert.Equal(HttpStatusCode.OK, (await ChangePasswordAsync(person)).StatusCode);

        await portal.ExecuteAsync(
            "insert into totp_credentials (user_id, secret, created_at, confirmed_at) values (@Id, 'x', now(), now())",
            new { person.Id });
        var refused = await ChangePasswordAsync(person);
        Assert.Equal("SESSION_NOT_FRESH", await refused.TextAsync("code"));
    }

    [Fact]
    public async Task Where_everybody_must_have_a_second_factor_a_password_is_none_for_who_has_a_passkey()
    {
        await using var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var person = await portal.NewPersonAsync();
        (await person.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        portal.Time.Advance(TooLong);

        var refused = await ChangePasswordAsync(person, strict);
        Assert.Equal("SESSION_NOT_FRESH", await refused.TextAsync("code"));
        Assert.Equal(HttpStatusCode.OK, (await ChangePasswordAsync(person)).StatusCode);
    }

    private async Task<HttpResponseMessage> ChangePasswordAsync(Person person, Portal? at = null) =>
        await (at ?? portal).Stranger().SendAsync(
            HttpMethod.Post,
            "/api/auth/change-password",
            person.AccessToken,
            new { currentPassword = Api.Password, newPassword = Api.Password });
}
