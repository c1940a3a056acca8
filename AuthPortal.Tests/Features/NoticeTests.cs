using System.Net;
using AngleSharp.Html.Parser;
using AuthPortal.Languages;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What was just done is said once, on one page, to one person, and by nothing that somebody else made.</summary>
public sealed class NoticeTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private const string Name = "__Host-authportal.notice";
    private const string Saved = "Your profile is saved.";

    [Fact]
    public async Task It_is_said_once_on_the_page_it_is_for_and_neither_a_reload_nor_the_way_back_says_it_again()
    {
        var browser = await SignedUpAsync();
        await SaveProfileAsync(browser);
        Assert.Equal("/account", browser.Response.Header("Location"));
        Assert.EndsWith(
            "; max-age=300; path=/; secure; samesite=lax; httponly", browser.Response.Cookie("notice")!,
            StringComparison.Ordinal);

        await browser.OpenAsync("/account/devices");
        Assert.Equal("", Said(browser));
        Assert.Null(browser.Response.Cookie("notice"));
        var before = await StateAsync();
        await browser.OpenAsync("/account");
        Assert.Equal(Saved, Said(browser));
        Assert.StartsWith($"{Name}=; max-age=0;", browser.Response.Cookie("notice"), StringComparison.Ordinal);
        Assert.True(browser.Response.Headers.CacheControl?.NoStore);
        Assert.Equal(before, await StateAsync());

        await browser.ReloadAsync();
        Assert.Equal("", Said(browser));
        Assert.Null(browser.Response.Cookie("notice"));
    }

    [Fact]
    public async Task A_form_that_is_refused_says_what_is_wrong_and_no_more_what_led_to_it()
    {
        var browser = await SignedUpAsync();
        browser.Fill("Name", new string('a', 101));
        using var form = browser.Request("Save profile");
        await SaveProfileAsync(browser);
        await browser.SendAsync(form);
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("", Said(browser));
    }

    [Fact]
    public async Task What_is_altered_stale_of_another_kind_or_for_another_person_says_nothing()
    {
        var browser = await SignedUpAsync();
        await SaveProfileAsync(browser);
        var notice = ValueOf(browser.Response);
        var ada = await portal.NewPersonAsync();
        var hers = await portal.SignInAgainAsync(ada);
        var parts = notice.Split('.');
        string[] bad =
        [
            notice, $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{new string([.. parts[2].Reverse()])}",
            "x", "", hers.Refresh!, ada.AccessToken, $"{notice}; {Name}={notice}",
        ];
        foreach (var held in bad)
            Assert.Equal("", await SaidAsync("/account", $"{hers}; {Name}={held}"));

        await portal.AdvanceAsync(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(31)); // clocks may differ by thirty
        await browser.OpenAsync("/account");
        Assert.Equal("Hello, Grace", browser.Heading);
        Assert.Equal("", Said(browser));
    }

    [Fact]
    public async Task What_is_for_whoever_is_signed_out_is_said_in_six_languages_and_to_nobody_who_is_signed_in()
    {
        var browser = await SignedUpAsync();
        await browser.SubmitAsync("Sign out");
        Assert.Equal("/sign-in", browser.Response.Header("Location"));
        var notice = $"{Name}={ValueOf(browser.Response)}";

        var said = new List<string>();
        foreach (var language in Language.All)
            said.Add(await SaidAsync("/sign-in", notice, language.Tag));
        Assert.Equal("You are signed out.", said[Language.All.ToList().IndexOf(Language.English)]);
        Assert.Equal(Language.All.Count, said.Where(words => words.Length > 0).Distinct().Count());

        var ada = await portal.SignInAgainAsync(await portal.NewPersonAsync());
        Assert.Equal("", await SaidAsync("/account", $"{ada}; {notice}"));
    }

    [Fact]
    public async Task The_page_of_a_deleted_account_is_shown_once()
    {
        var email = Api.NewEmail();
        var browser = await SignedUpAsync(email);
        await browser.OpenAsync("/account/data");
        await browser.SubmitAsync(
            "Delete my account", ("Type your email address", email), ("Current password", Api.Password));
        Assert.Equal("/", browser.Response.Header("Location"));

        await browser.OpenAsync("/");
        Assert.Equal("Your account is deleted", browser.Heading);
        await browser.ReloadAsync();
        Assert.Equal("One sign-in for everything here", browser.Heading);
    }

    [Fact]
    public async Task That_a_passkey_is_added_is_said_where_one_was_just_added_and_to_nobody_else_who_sends_the_form()
    {
        var person = await portal.NewPersonAsync();
        var browser = new PlainBrowser(person.Http);
        await AskAsync();
        Assert.Equal("", Said(browser));

        (await person.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
        await AskAsync();
        Assert.Equal("The passkey is added: next time you can sign in with it.", Said(browser));

        portal.Time.Advance(TimeSpan.FromMinutes(2));
        await AskAsync();
        Assert.Equal("", Said(browser));

        async Task AskAsync()
        {
            await browser.OpenAsync("/account/security");
            await browser.SubmitAsync("Add a passkey");
            Assert.Equal("/account/security", browser.Response.Header("Location"));
            await browser.OpenAsync("/account/security");
        }
    }

    [Theory]
    [InlineData("same-origin", "That sign-in is over")]
    [InlineData("cross-site", "")]
    [InlineData("none", "")]
    [InlineData(null, "")]
    public async Task That_a_sign_in_is_over_is_said_to_those_who_come_from_our_own_page(string? site, string words)
    {
        var browser = new PlainBrowser(portal.Program());
        using var request = Visit.Request(HttpMethod.Get, "/sign-in/recovery-code", ("Sec-Fetch-Site", site));
        await browser.SendAsync(request);
        Assert.Equal("/sign-in", browser.Response.Header("Location"));

        await browser.OpenAsync("/sign-in");
        Assert.StartsWith(words, Said(browser), StringComparison.Ordinal);
        Assert.Equal(words.Length == 0, Said(browser).Length == 0);
    }

    /// <summary>Follows nothing, so that each answer is seen.</summary>
    private async Task<PlainBrowser> SignedUpAsync(string? email = null)
    {
        var browser = new PlainBrowser(portal.Program());
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync(
            "Create account", ("Name", "Ada"), ("Email", email ?? Api.NewEmail()), ("Password", Api.Password));
        await browser.OpenAsync("/account");
        return browser;
    }

    private static async Task SaveProfileAsync(PlainBrowser browser)
    {
        await browser.SubmitAsync("Save profile", ("Name", "Grace"));
        Assert.Equal(HttpStatusCode.Redirect, browser.Status);
    }

    private static string Said(PlainBrowser browser) =>
        browser.Page.QuerySelector("[role=status]")?.TextContent.Trim() ?? "";

    private async Task<string> SaidAsync(string path, string cookies, string language = "en")
    {
        using var request = Visit.Request(HttpMethod.Get, path, ("Cookie", cookies), ("Accept-Language", language));
        var answer = await portal.Stranger().SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        return page.QuerySelector("[role=status]")?.TextContent.Trim() ?? "";
    }

    private static string ValueOf(HttpResponseMessage answer) =>
        answer.Cookie("notice")!.Split(';')[0][(Name.Length + 1)..];

    private async Task<IEnumerable<KeyValuePair<string, string>>> StateAsync() =>
        (await portal.DigestsAsync()).Where(table => table.Key is not ("throttle" or "session_sightings"));
}
