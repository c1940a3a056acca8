using AngleSharp.Html.Dom;
using AuthPortal.Features.Developers;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class DevelopersTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task The_page_wants_a_sign_in_first()
    {
        var browser = portal.Browser();

        await browser.OpenAsync("/developers");

        Assert.Equal("/sign-in", browser.Url.AbsolutePath);
        Assert.Contains("returnUrl=%2Fdevelopers", browser.Url.Query, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_tells_the_claims_of_ones_token_in_words()
    {
        var browser = await SignedInAsync(portal, "ada.words@example.com");

        Assert.Equal("For developers", browser.Heading);
        Assert.Contains("good for another 14 minutes", browser.Text, StringComparison.Ordinal);
        Assert.Equal("ada.words@example.com", Claim(browser, "email").Value);
        Assert.Equal(Portal.Url, Claim(browser, "iss").Value);
        Assert.Matches(@"^Not good after: \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC\.$", Claim(browser, "exp").Meaning);
        Assert.All(
            browser.Page.QuerySelectorAll("tbody tr"),
            row => Assert.NotEqual("", row.QuerySelector("td:last-child")!.TextContent));
    }

    [Fact]
    public async Task No_cookies_value_is_in_the_page()
    {
        var http = portal.Program();
        var signUp = (await http.SignUpAsync(Api.NewEmail())).EnsureSuccessStatusCode();

        var page = await http.GetStringAsync("/developers");

        Assert.Contains("For developers", page, StringComparison.Ordinal);
        Assert.DoesNotContain(ValueOf(signUp.Cookie("access")!), page, StringComparison.Ordinal);
        Assert.DoesNotContain(ValueOf(signUp.Cookie("refresh")!), page, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", page, StringComparison.Ordinal); // how every JWT begins
    }

    [Fact]
    public async Task The_services_to_copy_are_set_to_this_portal()
    {
        var browser = await SignedInAsync(portal, Api.NewEmail());

        var shown = browser.Page.QuerySelectorAll("details pre:first-of-type").Select(code => code.TextContent);

        Assert.Equal(Verifier.All.Select(verifier => verifier.TextFor(Portal.Url)), shown);
        Assert.Contains($"\"{Portal.Url}\"", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Verifier.DefaultIssuer, browser.Text, StringComparison.Ordinal);
        Assert.Contains($"{Portal.Url}/.well-known/jwks.json", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_to_type_survives_a_shell_whatever_the_address()
    {
        var browser = await SignedInAsync(portal, "o'brien+notes@example.com");

        Assert.Contains(
            """-d '{"email":"o\u0027brien+notes@example.com","password":"…"}' | jq""",
            browser.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_secret_is_shared_the_page_says_so_and_shows_no_key_address()
    {
        const string Shared = "vT3nQ8wLz5RkXy1JpMb7HsUd4FgCa9Ee";
        var sharing = portal.Sibling(p =>
        {
            p.Settings["Keys:Algorithm"] = "HS256";
            p.Settings["Tokens:SharedSecret"] = Shared;
            p.Settings["Tokens:Audiences:0"] = "https://notes.example.com";
        });

        var browser = await SignedInAsync(sharing, Api.NewEmail());

        Assert.Contains("Tokens__SharedSecret", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Keys (JWKS)", browser.Text, StringComparison.Ordinal);
        Assert.Single(browser.Page.QuerySelectorAll("details"));
        Assert.Contains(
            "AUTHPORTAL_SHARED_SECRET='…' AUTHPORTAL_AUDIENCE='https://notes.example.com' uvicorn notes:app",
            browser.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Shared, browser.Page.Source.Text, StringComparison.Ordinal);
    }

    private static async Task<PlainBrowser> SignedInAsync(Portal portal, string email)
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up?returnUrl=/developers");
        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", email), ("Password", Api.Password));
        Assert.Equal("/developers", browser.Url.AbsolutePath);
        return browser;
    }

    private static (string Value, string Meaning) Claim(PlainBrowser browser, string name)
    {
        var row = browser.Page.QuerySelectorAll("tbody tr").OfType<IHtmlTableRowElement>()
            .Single(row => row.Cells[0].TextContent == name);
        return (row.Cells[1].TextContent, row.Cells[2].TextContent);
    }

    private static string ValueOf(string cookie) => cookie.Split(';')[0].Split('=', 2)[1];
}
