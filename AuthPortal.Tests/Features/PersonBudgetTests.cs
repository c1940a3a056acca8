using System.Net;
using AuthPortal.Mail;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Budgets bound what one signed-in person causes, and never what keeps their account safe.</summary>
public sealed class PersonBudgetTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    [Fact]
    public async Task Every_GET_that_asks_the_database_for_who_is_signed_in_is_counted_for_them()
    {
        var (ada, stranger) = (await portal.NewPersonAsync(), portal.Stranger());
        var asking = new List<string>();
        foreach (var path in Paths())
        {
            if (await CountAsync(ada.Http, path) > await CountAsync(stranger, path))
                asking.Add(path);
        }

        Assert.Contains("/api/auth/list-sessions", asking);
        Assert.Contains("/account/devices", asking);
        await using var strict = portal.Sibling(other => Allow(other, "ReadsByPerson", "ChangesByPerson"));
        foreach (var path in asking)
        {
            var http = (await strict.NewPersonAsync()).Http;
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await http.GetAsync(path)).StatusCode);
            var second = await http.GetAsync(path);
            Assert.True(second.StatusCode == HttpStatusCode.TooManyRequests, $"{path} is not counted");
            Assert.NotNull(second.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task Whether_a_session_counts_is_always_told_and_it_can_always_be_ended()
    {
        await using var strict = portal.Sibling(other => Allow(other, "ReadsByPerson", "ChangesByPerson"));
        var ada = await strict.NewPersonAsync();
        for (var n = 0; n < 5; n++)
        {
            await ada.Http.GetAsync("/api/auth/list-sessions");
            await ada.Http.PostAsync("/api/auth/update-user", new { name = $"Ada {n}" });
        }

        Assert.Equal(HttpStatusCode.OK, (await ada.Http.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ada.Http.GetAsync("/api/auth/get-session")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ada.Http.PostAsync("/api/auth/sign-out", new { })).StatusCode);
    }

    [Fact]
    public async Task What_would_write_one_letter_too_many_is_not_done_and_the_owner_can_still_undo()
    {
        await using var strict = portal.Sibling(other => Allow(other, "LettersByPerson"));
        var ada = await strict.NewPersonAsync();
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();

        var second = await ada.Http.RegisterAsync(new SoftwareAuthenticator());

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("TOO_MANY_REQUESTS", await second.TextAsync("code"));
        Assert.Equal(1, await portal.ScalarAsync<long>("select count(*) from passkeys where user_id = @Id", new { ada.Id }));
        var owner = strict.Browser();
        await owner.OpenAsync((await portal.MailToAsync(ada.Email))[^1].Link);
        await owner.SubmitAsync("Remove it");
        Assert.Equal("It is removed", owner.Heading);
    }

    [Fact]
    public async Task Whoever_is_signed_in_beside_the_owner_keeps_them_from_nothing_that_throws_them_out()
    {
        await using var strict = portal.Sibling(
            other => Allow(other, "ReadsByPerson", "ChangesByPerson", "LettersByPerson"));
        var ada = await strict.NewConfirmedPersonAsync();
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        var letter = (await portal.MailToAsync(ada.Email))[^1];
        for (var n = 0; n < 5; n++)
        {
            var thief = await AgainAsync();
            await thief.PostAsync("/api/auth/change-email", new { newEmail = Api.NewEmail() });
            await thief.GetAsync("/api/auth/list-sessions");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await SendAsync("/api/auth/update-user", new { name = "Ada" }));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await (await AgainAsync()).GetAsync("/account/data")).StatusCode);
        string[] pages =
        [
            "/account", "/account/devices", "/account/security", "/account/security/authenticator",
            "/step-up?returnUrl=/account/security",
        ];
        foreach (var page in pages)
        {
            var status = (await (await AgainAsync()).GetAsync(page)).StatusCode;
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Found, $"{page}: {status}");
        }

        foreach (var (path, body) in ((string, object)[])[
            ("revoke-session", new { token = $"{Guid.NewGuid()}" }), ("revoke-other-sessions", new { }),
            ("two-factor/disable", new { password = Api.Password }), ("passkey/delete-passkey", new { id = $"{Guid.NewGuid()}" }),
            ("change-password", new { currentPassword = Api.Password, newPassword = "staple battery horse" })])
        {
            var status = await SendAsync($"/api/auth/{path}", body);
            Assert.True(status != HttpStatusCode.TooManyRequests, $"{path} is refused");
        }

        // By the mailed link as well, in a browser whose session has used up what it had.
        var browser = strict.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SubmitAsync("Sign in", ("Email", ada.Email), ("Password", "staple battery horse"));
        for (var n = 0; n < 2; n++)
            await browser.OpenAsync("/account/data");
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
        await browser.OpenAsync(letter.Link);
        await browser.SubmitAsync("Remove it");
        Assert.Equal("It is removed", browser.Heading);

        async Task<HttpClient> AgainAsync()
        {
            var http = strict.Program();
            (await http.SignInAsync(ada.Email)).EnsureSuccessStatusCode();
            return http;
        }

        async Task<HttpStatusCode> SendAsync(string path, object body) =>
            (await (await AgainAsync()).PostAsync(path, body)).StatusCode;
    }

    [Fact]
    public async Task A_letter_that_somebody_waits_for_leaves_before_those_that_tell_of_something()
    {
        var (ada, stranger) = (await portal.NewConfirmedPersonAsync(), await portal.NewConfirmedPersonAsync());
        await portal.ExecuteAsync("delete from outbox");
        for (var n = 0; n < 3; n++)
            (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        await portal.MailResetLinkAsync(stranger.Email);

        await portal.SettledAsync(); // the worker has tried them all, in vain
        await portal.ExecuteAsync("update outbox set next_attempt_at = now()");
        var claimed = await portal.WithAsync<OutboxStore, IReadOnlyList<OutgoingMail>>(
            outbox => outbox.ClaimAsync(2, TimeSpan.FromMinutes(1), noticesFirst: false, default));

        Assert.Equal(2, claimed.Count);
        Assert.Equal(stranger.Email, claimed[0].ToAddress);
    }

    private static void Allow(Portal portal, params string[] rules)
    {
        foreach (var rule in rules)
        {
            portal.Settings[$"Throttling:{rule}:Burst"] = "1";
            portal.Settings[$"Throttling:{rule}:Every"] = "1.00:00:00";
        }
    }

    private List<string> Paths() =>
    [
        .. (from endpoint in portal.Endpoints()
            where !endpoint.IsStaticFile()
            from request in endpoint.Requests()
            where request.Method == HttpMethod.Get
            select request.RequestUri!.OriginalString).Distinct(),
    ];

    private static async Task<int> CountAsync(HttpClient http, string path)
    {
        using var counter = CommandCounter.OfRequests();
        await http.GetAsync(path);
        return counter.Statements.Count;
    }
}
