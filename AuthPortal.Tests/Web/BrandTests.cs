using System.IO.Compression;
using System.Net;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>A portal in a team's own name and colours.</summary>
public sealed class BrandedPortal : MailedPortal
{
    public const string Svg = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>""";

    private readonly string _logo = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.svg");

    public BrandedPortal()
    {
        File.WriteAllText(_logo, Svg);
        Settings["Brand:Name"] = "Acme & Sons";
        Settings["Brand:Logo"] = _logo;
        Settings["Brand:Accent"] = "#0a7d4f";
        Settings["Brand:Terms"] = "https://acme.example/terms";
        Settings["Brand:Privacy"] = "https://acme.example/privacy";
        Settings["Brand:Support"] = "mailto:help@acme.example";
    }

    protected override void Dispose(bool disposing)
    {
        File.Delete(_logo);
        base.Dispose(disposing);
    }
}

public sealed class BrandTests(BrandedPortal portal) : IClassFixture<BrandedPortal>
{
    [Fact]
    public async Task Every_page_bears_the_name_the_logo_and_the_ways_to_whoever_runs_it()
    {
        foreach (var path in (string[])["/", "/sign-in", "/sign-up", "/nowhere"])
        {
            var browser = portal.Browser();
            await browser.OpenAsync(path);

            Assert.EndsWith(" · Acme & Sons", browser.Page.Title, StringComparison.Ordinal);
            Assert.Equal("Acme & Sons", browser.Page.QuerySelector(".brand")!.TextContent.Trim());
            Assert.StartsWith("/brand/logo?v=", browser.Page.QuerySelector(".brand img")!.GetAttribute("src"), StringComparison.Ordinal);
            Assert.Equal(
                ["Terms of use https://acme.example/terms", "Privacy policy https://acme.example/privacy", "Support mailto:help@acme.example"],
                browser.Page.QuerySelectorAll("footer a").Select(a => $"{a.TextContent} {a.GetAttribute("href")}"));
            Assert.DoesNotContain("AuthPortal", browser.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_opens_an_account_is_told_what_they_agree_to_and_can_read_it_without_losing_the_form()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        Assert.Contains("By creating an account you agree to: Terms of use · Privacy policy", browser.Text, StringComparison.Ordinal);
        Assert.All(browser.Page.QuerySelectorAll("main form a"), a => Assert.Equal("_blank", a.GetAttribute("target")));
    }

    [Fact]
    public async Task An_error_page_leads_to_help()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/nowhere");

        Assert.Equal("mailto:help@acme.example", browser.Page.QuerySelector("main a.quiet:last-child")!.GetAttribute("href"));
    }

    [Fact]
    public async Task The_colours_come_in_the_one_stylesheet_which_browsers_keep()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-in");
        var href = Assert.Single(browser.Page.QuerySelectorAll("link[rel=stylesheet]")).GetAttribute("href")!;
        Assert.Matches("^/brand\\.css\\?v=[0-9a-f]{16}$", href);

        var plain = await portal.Stranger().GetAsync(href);
        var css = await plain.Content.ReadAsStringAsync();
        var own = await File.ReadAllTextAsync(Path.Combine(Source.Root, "AuthPortal", "wwwroot", "portal.css"));
        Assert.StartsWith(own, css, StringComparison.Ordinal);
        Assert.Contains("--accent: #0a7d4f;", css[own.Length..], StringComparison.Ordinal);
        Assert.Equal("text/css; charset=utf-8", $"{plain.Content.Headers.ContentType}");
        Assert.Equal("public, max-age=31536000, immutable", plain.Header("Cache-Control"));

        var packed = await portal.Stranger().SendAsync(Visit.Request(HttpMethod.Get, href, ("Accept-Encoding", "br, gzip")));
        Assert.Equal(["gzip"], packed.Content.Headers.ContentEncoding);
        await using var stream = new GZipStream(await packed.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        Assert.Equal(css, await reader.ReadToEndAsync());
        Assert.Equal("Accept-Encoding", packed.Header("Vary"));

        var again = await portal.Stranger().SendAsync(
            Visit.Request(HttpMethod.Get, href, ("If-None-Match", $"{plain.Headers.ETag}")));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        var other = await portal.Stranger().GetAsync("/brand.css?v=other");
        Assert.Equal("no-cache", other.Header("Cache-Control"));
    }

    [Fact]
    public async Task The_logo_is_served_as_it_is_and_can_run_nothing()
    {
        var logo = await portal.Stranger().GetAsync("/brand/logo");

        Assert.Equal(BrandedPortal.Svg, await logo.Content.ReadAsStringAsync());
        Assert.Equal("image/svg+xml; charset=utf-8", $"{logo.Content.Headers.ContentType}");
        Assert.Contains("script-src 'self'", logo.Header("Content-Security-Policy"), StringComparison.Ordinal);
        logo.AssertGuarded();
    }

    [Fact]
    public async Task A_logo_on_another_site_opens_the_policy_for_pictures_of_that_site_and_for_nothing_else()
    {
        var elsewhere = portal.Sibling(p => p.Settings["Brand:Logo"] = "https://cdn.example.com/a/logo.png?x=1");
        var page = await elsewhere.Stranger().GetAsync("/sign-in");

        var own = await portal.Stranger().GetAsync("/sign-in");
        Assert.Equal(
            own.Header("Content-Security-Policy")!.Replace(
                "img-src 'self'", "img-src 'self' https://cdn.example.com", StringComparison.Ordinal),
            page.Header("Content-Security-Policy"));
        Assert.Contains("src=\"https://cdn.example.com/a/logo.png?x=1\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.Stranger().GetAsync("/brand/logo")).StatusCode);
    }

    [Fact]
    public async Task Mails_come_in_its_name_with_a_button_in_its_colour()
    {
        var email = Api.NewEmail();
        await portal.WriteAsync(email);

        var mail = Assert.Single(await portal.MailToAsync(email));
        Assert.EndsWith("-- \nAcme & Sons\n", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("background:#0a7d4f;color:#ffffff", mail.HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authenticator_apps_and_passkeys_are_listed_under_its_name()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await browser.OpenAsync("/account/security/authenticator");

        var uri = browser.Page.QuerySelector("a[href^='otpauth:']")!.GetAttribute("href")!;
        Assert.StartsWith("otpauth://totp/Acme%20%26%20Sons:", uri, StringComparison.Ordinal);
        Assert.Contains("&issuer=Acme%20%26%20Sons&", uri, StringComparison.Ordinal);

        var ada = await portal.NewPersonAsync();
        var options = await ada.Http.GetAsync("/api/auth/passkey/generate-register-options");
        Assert.Equal("Acme & Sons", (await options.JsonAsync())["rp"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Its_name_is_no_password()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", Api.NewEmail()), ("Password", "ACME & sons"));

        Assert.StartsWith("This password is", browser.ProblemOf("Password"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_brand_nothing_of_it_is_there()
    {
        var plain = portal.Sibling(p =>
        {
            foreach (var key in p.Settings.Keys.Where(key => key.StartsWith("Brand:", StringComparison.Ordinal)).ToList())
                p.Settings.Remove(key);
        });
        var browser = plain.Browser();
        await browser.OpenAsync("/sign-up");

        Assert.Empty(browser.Page.QuerySelectorAll("footer nav a, .brand img, main form a"));
        Assert.EndsWith(" · AuthPortal", browser.Page.Title, StringComparison.Ordinal);
        foreach (var path in (string[])["/brand.css", "/brand/logo"])
            Assert.Equal(HttpStatusCode.NotFound, (await plain.Stranger().GetAsync(path)).StatusCode);
    }
}
