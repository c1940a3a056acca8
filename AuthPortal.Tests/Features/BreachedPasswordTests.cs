using System.Net;
using AuthPortal.Tests.CommandLine;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Wherever a password is chosen the list of breached ones is asked, and what came of it is on record.</summary>
public sealed class BreachedPasswordTests : IClassFixture<MailedPortal>, IClassFixture<RangeService>
{
    private const string Refused = "breached-password-refused";
    private const string Failed = "breach-check-failed";
    private const string NotListed = "staple battery horse";

    private readonly MailedPortal _portal;
    private readonly RangeService _service;

    public BreachedPasswordTests(MailedPortal portal, RangeService service)
    {
        (_portal, _service) = (portal, service);
        foreach (var (key, value) in service.Settings)
            portal.Settings[key] = value;
    }

    [Fact]
    public async Task Signing_up_with_a_listed_one_is_refused_beside_the_field()
    {
        var (browser, email) = (_portal.Browser(), Api.NewEmail());
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", email), ("Password", RangeService.Breached));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal(
            "This password is on the lists that attackers try first. Choose another, such as four random words.",
            browser.ProblemOf("Password"));
        Assert.Empty(await _portal.ListAsync<string>("select email from users where email = @email", new { email }));
        Assert.Contains((Refused, (Guid?)null), await EventsAsync());
    }

    [Fact]
    public async Task A_form_that_is_wrong_elsewhere_asks_for_nothing()
    {
        var before = await EventsAsync();
        var browser = _portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", "x"), ("Password", RangeService.Breached));

        Assert.Equal("", browser.ProblemOf("Password"));
        Assert.Equal(before, await EventsAsync());
    }

    public static TheoryData<string> Ways => ["change", "reset", "reset page", "confirming the address"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task By_no_other_way_is_a_listed_one_taken_either(string way)
    {
        var ada = await _portal.NewPersonAsync();

        var refused = await ChooseAsync(_portal, ada, way, RangeService.Breached);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(
            way is "change" or "reset" ? "\"code\":\"PASSWORD_TOO_COMMON\"" : "lists that attackers try first",
            await refused.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _portal.Stranger().SignInAsync(ada.Email)).StatusCode);
        Assert.Equal([(Refused, ada.Id)], await EventsAsync(ada.Id));
        Assert.Equal(HttpStatusCode.OK, (await ChooseAsync(_portal, ada, way, NotListed)).StatusCode);
        Assert.Equal([(Refused, ada.Id)], await EventsAsync(ada.Id));
    }

    [Fact]
    public async Task Where_it_can_not_be_asked_every_way_goes_on_and_leaves_an_event()
    {
        var deaf = _portal.Sibling(
            p => p.Settings["Passwords:RangeCheckUrl"] = $"http://127.0.0.1:{LoopbackPort.TakeForGood()}/range");
        foreach (var way in Ways)
        {
            var ada = await deaf.NewPersonAsync();
            Assert.Contains((Failed, (Guid?)null), await EventsAsync());

            var taken = await ChooseAsync(deaf, ada, way, RangeService.Breached);

            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            Assert.Equal([(Failed, ada.Id)], await EventsAsync(ada.Id));
            var signedIn = await deaf.Stranger().SignInAsync(ada.Email, RangeService.Breached);
            Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        }
    }

    [Fact]
    public async Task A_free_address_and_a_taken_one_are_asked_about_alike()
    {
        var portal = _portal.Sibling(p => p.Settings["Accounts:RequireVerifiedEmail"] = "true");
        var (http, email) = (portal.Stranger(), Api.NewEmail());
        foreach (var _ in (string[])["free", "taken"])
        {
            var before = (_service.Asked.Count, Events: (await EventsAsync()).Count(e => e.Type == Refused));

            Assert.Equal(HttpStatusCode.OK, (await http.SignUpAsync(email, password: NotListed)).StatusCode);
            var refused = await http.SignUpAsync(email, password: RangeService.Breached);

            Assert.Equal("PASSWORD_TOO_COMMON", await refused.TextAsync("code"));
            Assert.Equal(before.Count + 2, _service.Asked.Count);
            Assert.Equal(before.Events + 1, (await EventsAsync()).Count(e => e.Type == Refused));
        }
    }

    [Fact]
    public async Task The_operators_command_asks_too()
    {
        var email = Api.NewEmail();

        var refused = await _portal.RunAsync($"users add {email}", $"{RangeService.Breached}\n");
        var added = await _portal.RunAsync($"users add {email}", $"{NotListed}\n");

        Assert.Equal((2, 0), (refused.ExitCode, added.ExitCode));
        Assert.Contains("lists that attackers try first", refused.Words, StringComparison.Ordinal);
        Assert.Equal(1, await _portal.ScalarAsync<long>(
            """
            select count(*) from audit_events join audit_details using (seq)
             where type = @Refused and user_agent like 'AuthPortal''s command line%'
            """,
            new { Refused }));
    }

    private static async Task<HttpResponseMessage> ChooseAsync(Portal portal, Person ada, string way, string password)
    {
        var http = portal.Stranger();
        if (way == "change")
        {
            var body = new { currentPassword = Api.Password, newPassword = password };
            return await http.SendAsync(HttpMethod.Post, "/api/auth/change-password", ada.AccessToken, body);
        }

        if (way == "confirming the address")
            return await SubmitAsync(portal, (await portal.MailToAsync(ada.Email))[0].Link, "Set password and confirm", password);

        await portal.ExecuteAsync("update users set reset_mailed_at = null where id = @Id", new { ada.Id });
        await http.PostAsync("/api/auth/request-password-reset", new { email = ada.Email });
        var link = (await portal.MailToAsync(ada.Email))[^1].Link;
        return way == "reset page"
            ? await SubmitAsync(portal, link, "Set password", password)
            : await http.PostAsync(
                "/api/auth/reset-password", new { newPassword = password, token = LinkKind.TokenOf(link) });
    }

    private static async Task<HttpResponseMessage> SubmitAsync(Portal portal, string link, string button, string password)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(link);
        await browser.SubmitAsync(button, ("New password", password));
        return browser.Response;
    }

    private async Task<IReadOnlyList<(string Type, Guid? UserId)>> EventsAsync(Guid? userId = null) =>
        await _portal.ListAsync<(string, Guid?)>(
            """
            select type, user_id from audit_events join audit_details using (seq)
             where type like 'breach%' and (@userId is null or user_id = @userId) order by seq
            """,
            new { userId });
}
