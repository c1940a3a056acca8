using System.Net;
using AngleSharp.Html.Dom;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What every page owes to browsers, password managers and screen readers.</summary>
public sealed class PageHtmlTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly string[] Open =
    [
        "/", "/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/verify-email", "/verify-email/resend",
        "/change-email", "/undo-email-change", "/delete-account", "/error/404",
        "/nowhere",
    ];

    private static readonly string[] Personal =
    [
        "/", "/account", "/account/security", "/account/devices", "/account/activity", "/account/email",
        "/account/data", "/sign-out", "/developers",
    ];

    [Fact]
    public async Task Every_page_is_one_document_with_a_title_a_language_landmarks_and_one_heading()
    {
        foreach (var page in await PagesAsync())
        {
            var html = page.Page;
            Assert.Equal("en", html.DocumentElement.GetAttribute("lang"));
            Assert.EndsWith(" · AuthPortal", html.Title, StringComparison.Ordinal);
            Assert.Single(html.QuerySelectorAll("h1"));
            Assert.Single(html.QuerySelectorAll("main"));
            Assert.Equal("#main", html.QuerySelector("a")!.GetAttribute("href"));
            Assert.NotNull(html.GetElementById("main"));
            var ids = html.QuerySelectorAll("[id]").Select(e => e.Id).ToList();
            Assert.Equal(ids.Distinct().Count(), ids.Count);
        }
    }

    [Fact]
    public async Task No_page_has_a_script_or_a_style_of_its_own_or_calls_elsewhere()
    {
        foreach (var page in await PagesAsync())
        {
            Assert.Empty(page.Page.QuerySelectorAll("script:not([src]), style, iframe, base, meta[http-equiv]"));
            Assert.All(page.Page.QuerySelectorAll("script"), script => Assert.Equal("", script.TextContent));
            foreach (var attribute in page.Page.QuerySelectorAll("*").SelectMany(e => e.Attributes))
            {
                Assert.NotEqual("style", attribute.Name);
                Assert.False(attribute.Name.StartsWith("on", StringComparison.Ordinal), attribute.Name);
                if (attribute.Name is "src" or "href" or "action")
                    Assert.Matches("^(/(?!/)|#)", attribute.Value);
            }
        }
    }

    [Fact]
    public async Task Every_form_posts_with_a_token_and_every_input_has_a_label()
    {
        foreach (var page in await PagesAsync())
        {
            foreach (var form in page.Page.Forms)
            {
                Assert.Equal("post", form.Method);
                Assert.Single(form.QuerySelectorAll("input[name=__RequestVerificationToken]"));
            }

            foreach (var input in page.Page.QuerySelectorAll("input:not([type=hidden], [hidden])"))
                Assert.NotNull(input.Closest("label") ?? page.Page.QuerySelector($"label[for={input.Id}]"));
        }
    }

    [Fact]
    public async Task No_page_is_kept_by_a_cache()
    {
        foreach (var page in await PagesAsync())
            Assert.True(page.Response.Headers.CacheControl?.NoStore, page.Url.ToString());
    }

    [Fact]
    public async Task Password_managers_find_what_they_look_for()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");
        Assert.Equal("username webauthn", Autocomplete(browser, "Email"));
        Assert.Equal("current-password", Autocomplete(browser, "Password"));

        await browser.OpenAsync("/sign-up");
        Assert.Equal("name", Autocomplete(browser, "Name"));
        Assert.Equal("username", Autocomplete(browser, "Email"));
        Assert.Equal("new-password", Autocomplete(browser, "Password"));
        Assert.Equal("password", browser.Page.QuerySelector("[autocomplete=new-password]")!.GetAttribute("type"));
    }

    [Fact]
    public async Task Whoever_is_signed_in_can_sign_out_from_every_page() => Assert.All(
        (await PagesAsync())[^Personal.Length..],
        page => Assert.Single(page.Page.QuerySelectorAll("nav form[method=post][action='/sign-out'] button")));

    [Fact]
    public async Task The_summary_takes_the_focus_and_leads_to_each_field()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        Assert.Equal("Input.Name", browser.Page.QuerySelector("[autofocus]")!.GetAttribute("name"));

        await browser.SubmitAsync("Create account");

        Assert.StartsWith("Error: ", browser.Page.Title, StringComparison.Ordinal);
        var focused = Assert.Single(browser.Page.QuerySelectorAll("[autofocus]"));
        Assert.Equal("alert", focused.GetAttribute("role"));
        Assert.Equal("-1", focused.GetAttribute("tabindex"));
        foreach (var link in focused.QuerySelectorAll("a"))
        {
            var field = browser.Page.GetElementById(link.GetAttribute("href")![1..])!;
            Assert.Equal("INPUT", field.TagName);
            Assert.Equal("true", field.GetAttribute("aria-invalid"));
            foreach (var id in field.GetAttribute("aria-describedby")!.Split(' '))
                Assert.NotNull(browser.Page.GetElementById(id));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/sign-up")]
    [InlineData("/account")]
    [InlineData("/nowhere")]
    public async Task Head_answers_as_get_does(string path)
    {
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        var response = await portal.Stranger().SendAsync(head);
        var get = await portal.Stranger().GetAsync(path);

        Assert.Equal(get.StatusCode, response.StatusCode);
        Assert.Equal(get.Header("Location"), response.Header("Location"));
    }

    [Fact]
    public async Task Opening_sign_out_without_a_session_leads_to_sign_in()
    {
        var response = await portal.Stranger().GetAsync("/sign-out");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith("/sign-in", response.Header("Location"), StringComparison.Ordinal);
    }

    private async Task<List<PlainBrowser>> PagesAsync()
    {
        var pages = new List<PlainBrowser>();
        foreach (var path in Open)
        {
            pages.Add(portal.Browser());
            await pages[^1].OpenAsync(path);
        }

        var person = portal.Browser();
        await person.SignUpAsync();
        foreach (var path in Personal)
        {
            pages.Add(person.NewTab());
            await pages[^1].OpenAsync(path);
        }

        return pages;
    }

    private static string? Autocomplete(PlainBrowser browser, string label) =>
        browser.Page.QuerySelectorAll("label").OfType<IHtmlLabelElement>()
            .Single(l => l.TextContent == label).Control!.GetAttribute("autocomplete");
}
