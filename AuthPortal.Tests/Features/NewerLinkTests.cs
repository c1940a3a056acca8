using System.Net;
using AuthPortal.Tests.Support;
using Xunit;
using static AuthPortal.Tests.Features.LinkKind;

namespace AuthPortal.Tests.Features;

/// <summary>
/// A newer link voids the older of its kind, so that one in an old letter, or in a mistyped mailbox, opens nothing. But
/// no stranger who asks in somebody's stead voids what is about to be clicked, and nobody voids an owner's way back.
/// </summary>
public sealed class NewerLinkTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(16);

    /// <summary>Those of which a newer one may be mailed.</summary>
    public static TheoryData<string> Kinds() => ["EmailVerification", "PasswordReset", "EmailChange", "AccountDeletion"];

    /// <summary>Those that always go to the same mailbox.</summary>
    public static TheoryData<string> AlwaysToOneMailbox() => ["EmailVerification", "PasswordReset", "AccountDeletion"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_newer_link_voids_the_older_one_even_where_its_page_was_open(string name)
    {
        var (kind, ada) = (All[name], await portal.NewPersonAsync());
        var older = await MailAsync(kind, ada);
        await portal.AdvanceAsync(Later);
        var open = portal.Browser();
        await open.OpenAsync(older);
        Assert.Equal(HttpStatusCode.OK, open.Status);
        var newer = await MailAsync(kind, ada);
        Assert.NotEqual(TokenOf(older), TokenOf(newer));
        await portal.SettledAsync();
        var before = await portal.DigestsAsync();

        var browser = portal.Browser();
        await browser.OpenAsync(older);
        var wayOn = await kind.RefusedAsync(browser);
        await open.SubmitAsync(kind.Button, kind.Fields);
        await kind.RefusedAsync(open, wayOn);
        if (name == "PasswordReset")
        {
            var program = await portal.Stranger().PostAsync(
                "/api/auth/reset-password", new { newPassword = NewPassword, token = TokenOf(older) });
            Assert.Equal("INVALID_TOKEN", await program.TextAsync("code"));
        }

        await portal.SettledAsync();
        Assert.Equal(before, await portal.DigestsAsync());
        await kind.UseAsync(browser, newer);
        Assert.True(IsDone(browser), browser.Text);
    }

    [Theory, MemberData(nameof(AlwaysToOneMailbox))]
    public async Task No_link_is_void_in_its_first_quarter_of_an_hour_however_often_others_are_asked_for(string name)
    {
        var (kind, ada) = (All[name], await portal.NewPersonAsync());
        var links = new List<(string Link, DateTimeOffset At)>();
        for (var minutes = 0; minutes < 40; minutes += 2)
        {
            links.Add((await MailAsync(kind, ada), portal.Time.GetUtcNow()));
            foreach (var (link, at) in links.Where(mailed => mailed.At > portal.Time.GetUtcNow() - Later))
                Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(link)).StatusCode);
            portal.Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(20, links.Select(mailed => mailed.Link).Distinct().Count());
        var browser = portal.Browser();
        await kind.UseAsync(browser, links[^5].Link);
        Assert.True(IsDone(browser), browser.Text);
    }

    [Fact]
    public async Task A_link_to_a_programs_page_and_one_to_ours_void_each_other_and_neither_while_it_is_young()
    {
        var ada = await portal.NewPersonAsync();
        var ours = await MailAsync(All["PasswordReset"], ada);
        portal.Time.Advance(TimeSpan.FromMinutes(14));
        await AskForResetAsync(ada, "/a-page-that-is-not-there");
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(ours)).StatusCode);

        portal.Time.Advance(Later);
        await AskForResetAsync(ada, "/a-page-that-is-not-there");
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.Stranger().GetAsync(ours)).StatusCode);
    }

    [Fact]
    public async Task A_change_to_another_address_voids_the_one_that_was_asked_for_before_even_if_it_is_taken()
    {
        var kind = All["EmailChange"];
        foreach (var next in (string[])[Api.NewEmail(), (await portal.NewPersonAsync("Grace")).Email])
        {
            var ada = await portal.NewPersonAsync();
            var mistyped = await MailAsync(kind, ada);
            portal.Time.Advance(TimeSpan.FromSeconds(5));
            await portal.Stranger().SendAsync(
                HttpMethod.Post, "/api/auth/change-email", ada.AccessToken, new { newEmail = next });

            var browser = portal.Browser();
            await browser.OpenAsync(mistyped);
            await kind.RefusedAsync(browser);
        }
    }

    [Fact]
    public async Task Whatever_a_thief_asks_for_the_owners_ways_back_stay_good()
    {
        var ada = await portal.NewPersonAsync();
        var (factors, addresses) = (All["FactorUndo"], All["EmailChangeUndo"]);
        var passkey = await factors.MailAsync(portal, ada);
        await portal.AdvanceAsync(Later);
        await ada.Http.SignInAsync(ada.Email);
        (await ada.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        Assert.NotEqual(passkey, (await portal.MailToAsync(ada.Email))[^1].Link);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(passkey)).StatusCode);

        var moved = await SignedInAnewAsync(await portal.NewPersonAsync());
        var back = await addresses.MailAsync(portal, moved);
        var newEmail = await portal.ScalarAsync<string>("select email from users where id = @Id", new { moved.Id });
        for (var time = 0; time < 3; time++)
        {
            await portal.AdvanceAsync(Later);
            var thief = await SignedInAnewAsync(moved with { Email = newEmail! });
            await MailAsync(All["PasswordReset"], thief);
            await MailAsync(All["AccountDeletion"], thief);
            await thief.Http.RegisterAsync(new SoftwareAuthenticator());
            Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(back)).StatusCode);
        }

        foreach (var (kind, link) in ((LinkKind, string)[])[(factors, passkey), (addresses, back)])
        {
            var browser = portal.Browser();
            await kind.UseAsync(browser, link);
            Assert.True(IsDone(browser), browser.Text);
        }
    }

    [Fact]
    public async Task A_link_that_an_older_version_mailed_counts_until_a_newer_one_is_mailed()
    {
        var ada = await portal.NewPersonAsync();
        var older = await MailAsync(All["PasswordReset"], ada);
        await portal.ExecuteAsync("update users set reset_links_from = null where id = @Id", new { ada.Id });
        await portal.AdvanceAsync(Later);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync(older)).StatusCode);

        await MailAsync(All["PasswordReset"], ada);
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.Stranger().GetAsync(older)).StatusCode);
    }

    /// <summary>Has it mailed anew.</summary>
    private async Task<string> MailAsync(LinkKind kind, Person person)
    {
        if (kind == All["EmailVerification"])
        {
            var mails = (await portal.MailToAsync(person.Email)).Count;
            await portal.Stranger().PostAsync("/api/auth/send-verification-email", new { email = person.Email });
            var link = (await portal.MailToAsync(person.Email))[^1].Link;
            Assert.True(link.StartsWith(kind.Page, StringComparison.Ordinal) && mails > 0);
            return link;
        }

        return await kind.MailAsync(portal, kind == All["PasswordReset"] ? person : await SignedInAnewAsync(person));
    }

    private static async Task<Person> SignedInAnewAsync(Person person)
    {
        var answer = await (await person.Http.SignInAsync(person.Email)).EnsureSuccessStatusCode().JsonAsync();
        return person with { AccessToken = answer["token"]!.GetValue<string>() };
    }

    private async Task AskForResetAsync(Person person, string redirectTo) =>
        (await portal.Stranger().PostAsync(
            "/api/auth/request-password-reset", new { email = person.Email, redirectTo })).EnsureSuccessStatusCode();
}
