using System.Globalization;
using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>With <c>Accounts:DeleteAfter</c> a deletion can be taken back, by signing in and in no other way.</summary>
public sealed class GraceTests(GracePortal portal) : IClassFixture<GracePortal>
{
    private const string NewPassword = "staple battery horse";

    [Fact]
    public async Task A_page_says_until_when_the_mail_says_the_same_and_every_session_ends()
    {
        var ada = await portal.NewPersonAsync();
        var phone = await portal.SignInAgainAsync(ada);
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(ada.Email);
        await browser.OpenAsync("/account/data");
        var until = (portal.Time.GetUtcNow() + GracePortal.Grace)
            .ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
        Assert.Contains($"is erased on {until}", browser.Text, StringComparison.Ordinal);

        await browser.SubmitAsync(
            "Delete my account", ("Type your email address", ada.Email), ("Current password", Api.Password));

        Assert.Equal("Your account will be deleted", browser.Heading);
        Assert.Contains($"On {until} the account", browser.Text, StringComparison.Ordinal);
        Assert.False(browser.IsSignedIn());
        var mail = (await portal.MailToAsync(ada.Email))[^1];
        Assert.Equal("Your account will be deleted", mail.Subject);
        Assert.Contains(until, mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("/sign-in", mail.Link);
        var http = portal.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", phone)).StatusCode);
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", phone with { Access = null })).StatusCode);
        Assert.Equal("null", await (await http.GetAsync("/api/auth/get-session", phone)).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await http.SignUpAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task Signing_in_restores_the_account_and_says_so()
    {
        var ada = await portal.NewPersonAsync();
        var before = await portal.SignInAgainAsync(ada);
        await DeleteAsync(ada);
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(ada.Email, NewPassword)).StatusCode);
        Assert.NotNull(await EraseAtAsync(ada));

        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in?returnUrl=%2Faccount%2Fdevices");
        await browser.SignInAsync(ada.Email);

        Assert.Contains("Your account is restored", browser.Text, StringComparison.Ordinal);
        await browser.FollowAsync("Go on to where you were headed");
        Assert.Equal("/account/devices", browser.Url.AbsolutePath);
        Assert.Single(browser.Page.QuerySelectorAll("li h2"));
        await browser.OpenAsync("/account/activity");
        Assert.Equal(
            ["Signed in", "The account was restored by signing in"],
            browser.Page.QuerySelectorAll("li h2").Select(h => h.TextContent)
                .Where(words => !words.StartsWith("Somebody", StringComparison.Ordinal)).Take(2));
        Assert.Null(await EraseAtAsync(ada));
        Assert.Equal("Your account is restored", (await portal.MailToAsync(ada.Email))[^1].Subject);
        var old = await portal.Stranger().GetAsync("/api/me", before with { Access = null });
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);

        await PassGraceAsync(portal);
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(ada.Email);
        Assert.Equal("/account", browser.Url.PathAndQuery);
        Assert.DoesNotContain("restored", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_sign_ins_at_once_each_succeeds_and_one_restores()
    {
        var ada = await portal.NewPersonAsync();
        await DeleteAsync(ada);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => portal.Stranger().SignInAsync(ada.Email)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Single(await portal.MailToAsync(ada.Email), mail => mail.Subject == "Your account is restored");
    }

    [Fact]
    public async Task A_new_password_by_mail_restores_nothing_and_signing_in_with_it_does()
    {
        var ada = await portal.NewPersonAsync();
        await DeleteAsync(ada);
        var http = portal.Stranger();
        await http.PostAsync("/api/auth/request-password-reset", new { email = ada.Email });
        var browser = portal.Browser();
        await browser.OpenAsync((await portal.MailToAsync(ada.Email))[^1].Link);

        await browser.SubmitAsync("Set password", ("New password", NewPassword));

        Assert.NotNull(await EraseAtAsync(ada));
        Assert.Equal(HttpStatusCode.OK, (await http.SignInAsync(ada.Email, NewPassword)).StatusCode);
        Assert.Null(await EraseAtAsync(ada));
    }

    [Fact]
    public async Task When_it_is_over_nothing_is_left_and_two_portals_say_goodbye_once()
    {
        var sibling = portal.Sibling();
        Assert.Equal(HttpStatusCode.OK, (await sibling.Stranger().GetAsync("/healthz/ready")).StatusCode);
        var gone = new List<Person>();
        for (var n = 0; n < 5; n++)
        {
            gone.Add(await portal.NewPersonAsync());
            await DeleteAsync(gone[^1]);
        }

        var kept = await portal.NewPersonAsync("Grace");
        var farewells = await FarewellsAsync();
        var marked = await portal.ScalarAsync<long>(
            "select count(*) from users where erase_at is not null and disabled_at is null");

        await PassGraceAsync(portal);

        Assert.Equal(farewells + marked + 1, await FarewellsAsync()); // with PassGraceAsync's own
        foreach (var (id, email) in gone.Select(person => (person.Id, person.Email)))
        {
            Assert.Single(await portal.MailToAsync(email), mail => mail.Subject == "Your account is deleted");
            foreach (var table in await portal.ListAsync<string>(DataTests.TablesOfPeople))
            {
                var rows = await portal.ScalarAsync<long>($"select count(*) from {table} where user_id = @id", new { id });
                Assert.True(rows <= (table == "revocations" ? 1 : 0), $"{rows} in {table}");
            }

            Assert.Equal(0, await portal.ScalarAsync<long>("select count(*) from users where id = @id", new { id }));
        }

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignUpAsync(gone[0].Email)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(kept.Email)).StatusCode);
    }

    [Fact]
    public async Task Past_its_time_an_account_is_gone_even_before_it_is_erased()
    {
        var ada = await portal.NewPersonAsync();
        await DeleteAsync(ada);
        await portal.ExecuteAsync(
            "update users set erase_at = @now where id = @Id", new { ada.Id, now = portal.Time.GetUtcNow() });

        var response = await portal.Stranger().SignInAsync(ada.Email);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("INVALID_EMAIL_OR_PASSWORD", await response.TextAsync("code"));
        Assert.NotNull(await EraseAtAsync(ada));
    }

    [Fact]
    public async Task Whom_an_operator_disabled_is_neither_restored_nor_erased()
    {
        var ada = await portal.NewPersonAsync();
        await DeleteAsync(ada);
        await portal.ExecuteAsync("update users set disabled_at = now() where id = @Id", new { ada.Id });
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SignInAsync(ada.Email)).StatusCode);

        await PassGraceAsync(portal);

        Assert.NotNull(await EraseAtAsync(ada));
    }

    [Fact]
    public async Task A_program_is_told_when_and_a_mailed_link_is_carried_out_likewise()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        var response = await DeleteAsync(ada);
        Assert.Equal("User will be deleted", await response.TextAsync("message"));
        Assert.Equal(
            portal.Time.GetUtcNow() + GracePortal.Grace,
            DateTimeOffset.Parse(await response.TextAsync("eraseAt"), CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(1));

        await PostAsync(grace, new { });
        var link = (await portal.MailToAsync(grace.Email))[^1].Link;
        var browser = portal.Browser();
        await browser.OpenAsync(link);
        await browser.SubmitAsync("Delete my account");
        Assert.Equal("Your account will be deleted", browser.Heading);
        Assert.NotNull(await EraseAtAsync(grace));
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().SignInAsync(grace.Email)).StatusCode);

        await browser.OpenAsync(link);
        Assert.Equal("This link doesn't work", browser.Heading);
    }

    /// <summary>A marked account of its own tells when a sweep has been through.</summary>
    private static async Task PassGraceAsync(GracePortal portal)
    {
        var last = await portal.NewPersonAsync();
        await DeleteAsync(portal, last);
        await portal.AdvanceAsync(GracePortal.Grace + TimeSpan.FromHours(1));
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from users where erase_at <= @now and disabled_at is null",
            new { now = portal.Time.GetUtcNow() }));
        Assert.Null(await portal.ScalarAsync<Guid?>("select id from users where id = @Id", new { last.Id }));
    }

    private Task<HttpResponseMessage> DeleteAsync(Person person) => DeleteAsync(portal, person);

    private static async Task<HttpResponseMessage> DeleteAsync(Portal portal, Person person) =>
        (await PostAsync(portal, person, new { password = Api.Password })).EnsureSuccessStatusCode();

    private Task<HttpResponseMessage> PostAsync(Person person, object body) => PostAsync(portal, person, body);

    private static Task<HttpResponseMessage> PostAsync(Portal portal, Person person, object body) =>
        portal.Stranger().SendAsync(HttpMethod.Post, "/api/auth/delete-user", person.AccessToken, body);

    private Task<DateTime?> EraseAtAsync(Person person) =>
        portal.ScalarAsync<DateTime?>("select erase_at from users where id = @Id", new { person.Id });

    private Task<long> FarewellsAsync() =>
        portal.ScalarAsync<long>("select count(*) from audit_events where type = 'account-deleted'");
}

/// <summary>A portal that erases accounts a month after they are deleted, with time in the test's hand.</summary>
public sealed class GracePortal : MailedPortal
{
    internal static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    public GracePortal()
    {
        Clock = Time;
        Settings["Accounts:DeleteAfter"] = "30.00:00:00";
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
}
