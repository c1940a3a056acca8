using System.Net;
using AuthPortal.Features;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Where people are signed in, and how they end it from afar.</summary>
public sealed class DevicesTests(Portal portal) : IClassFixture<Portal>
{
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/605.1";

    [Fact]
    public async Task A_person_sees_each_device_and_ends_one()
    {
        var (browser, other) = (portal.Browser(), portal.Browser());
        await other.SignUpAsync("Grace");
        var email = await browser.SignUpAsync();
        var phone = await SignInFromPhoneAsync(email);

        await browser.OpenAsync("/account/devices");
        Assert.Equal(
            ["A program (this device)", "Safari on iOS"],
            browser.Page.QuerySelectorAll("li h2").Select(h => h.TextContent));
        await browser.SubmitAsync("End this session");

        Assert.Single(browser.Page.QuerySelectorAll("li h2"));
        Assert.Contains("Done.", browser.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", phone)).StatusCode);
        await browser.OpenAsync("/account");
        Assert.Equal("/account", browser.Url.AbsolutePath);
        await other.OpenAsync("/account");
        Assert.Equal("/account", other.Url.AbsolutePath);
    }

    [Fact]
    public async Task All_other_devices_end_at_once_and_this_one_stays_in_the_list_of_the_next()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        var phone = await SignInFromPhoneAsync(email);
        await browser.OpenAsync("/account/devices");

        await browser.SubmitAsync("Sign out all other devices");

        Assert.Equal("/account/devices", browser.Url.AbsolutePath);
        Assert.Single(browser.Page.QuerySelectorAll("li h2"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", phone)).StatusCode);
        var next = portal.Browser();
        await next.OpenAsync("/sign-in");
        await next.SignInAsync(email);
        await next.OpenAsync("/account/devices");
        Assert.Equal(2, next.Page.QuerySelectorAll("li h2").Length);
    }

    [Fact]
    public async Task A_program_lists_its_own_sessions_by_handles_that_open_nothing()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        await portal.SignInAgainAsync(ada, rememberMe: false);

        var list = (await ListAsync(ada)).AsArray();

        Assert.Equal(2, list.Count);
        Assert.All(list, s => Assert.Equal(ada.Id.ToString(), s!["userId"]!.GetValue<string>()));
        Assert.Equal(
            ["createdAt", "expiresAt", "id", "ipAddress", "token", "updatedAt", "userAgent", "userId"],
            list[0]!.AsObject().Select(m => m.Key).Order());
        Assert.Single((await ListAsync(grace)).AsArray());
        var handle = list[1]!["token"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", handle)).StatusCode);
    }

    [Fact]
    public async Task A_session_that_has_run_out_or_was_signed_out_is_not_listed()
    {
        var ada = await portal.NewPersonAsync();
        var second = await portal.SignInAgainAsync(ada);
        var third = await portal.SignInAgainAsync(ada);
        await portal.Stranger().PostAsync("/api/auth/sign-out", second);
        Assert.Equal(2, (await ListAsync(ada)).AsArray().Count);

        await portal.TamperAsync(
            """
            update audit_details set details = details || '{"end": "2020-01-01T00:00:00.000Z"}'
             where user_id = @Id and seq = (select max(seq) from audit_details where user_id = @Id and details ? 'end')
            """,
            new { ada.Id });

        Assert.Single((await ListAsync(ada)).AsArray());
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", third)).StatusCode);
    }

    [Fact]
    public async Task Another_persons_session_cannot_be_ended_and_no_answer_tells_whether_it_exists()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var foreign = (await ListAsync(grace))[0]!["token"]!.GetValue<string>();

        foreach (var token in (string[])[foreign, $"{Guid.CreateVersion7()}", "no handle", ""])
        {
            var response = await RevokeAsync(ada, token);
            Assert.Equal("""{"status":true}""", await response.Content.ReadAsStringAsync());
            Assert.Null(response.Header("Set-Cookie"));
        }

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", grace.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await grace.Http.GetAsync("/account")).StatusCode);
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from revocations where user_id in (@Ada, @Grace)", new { Ada = ada.Id, Grace = grace.Id }));
    }

    [Fact]
    public async Task Ending_ones_own_session_by_its_handle_signs_out()
    {
        var ada = await portal.NewPersonAsync();
        var own = (await ListAsync(ada))[0]!["token"]!.GetValue<string>();

        var response = await RevokeAsync(ada, own);

        Assert.NotNull(response.Cookie("refresh"));
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode);
    }

    [Fact]
    public async Task A_program_signs_out_everywhere_else_and_goes_on()
    {
        var ada = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(ada);
        var http = portal.Stranger();

        var response = await http.PostAsync("/api/auth/revoke-other-sessions", cookies, new { });

        Assert.Equal("""{"status":true}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", ada.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", cookies.After(response))).StatusCode);
        var renewed = await http.GetAsync("/api/me", cookies.After(response) with { Access = null });
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
    }

    [Fact]
    public async Task A_session_holds_nothing_that_could_be_updated()
    {
        var ada = await portal.NewPersonAsync();
        var response = await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/update-session", ada.AccessToken, new { theme = "dark" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("No fields to update", await response.TextAsync("message"));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel) AppleWebKit/537.36 Chrome/142.0 Safari/537.36", "Chrome on macOS")]
    [InlineData("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData(Phone, "Safari on iOS")]
    [InlineData("Mozilla/5.0 <script>", "A browser")]
    [InlineData("curl/8.5", "A program")]
    [InlineData(null, "A program")]
    public void A_user_agent_is_told_in_words(string? userAgent, string words) =>
        Assert.Equal(words, $"{UserAgentText.InWords(userAgent)}");

    private async Task<SessionCookies> SignInFromPhoneAsync(string email)
    {
        var http = portal.Stranger();
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", Phone);
        return SessionCookies.Of((await http.SignInAsync(email)).EnsureSuccessStatusCode());
    }

    private async Task<System.Text.Json.Nodes.JsonNode> ListAsync(Person person) =>
        await (await portal.Stranger().GetAsync("/api/auth/list-sessions", person.AccessToken)).JsonAsync();

    private Task<HttpResponseMessage> RevokeAsync(Person person, string token) => portal.Stranger().SendAsync(
        HttpMethod.Post, "/api/auth/revoke-session", person.AccessToken, new { token });
}
