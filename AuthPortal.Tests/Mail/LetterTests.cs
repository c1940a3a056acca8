using AngleSharp.Html.Parser;
using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>A letter says the same as words alone and as HTML, and nothing in it can become markup.</summary>
public sealed class LetterTests
{
    private const string Nasty = "</p><script>alert(1)</script> & \"quotes\" <img src=x onerror=y>";

    private static readonly LetterRenderer Renderer = new(
        Options.Create(new MailOptions { FromName = "Acme & Sons" }), Options.Create(new BrandOptions()), Spoken.Words);

    [Fact]
    public void Its_words_stand_in_order_with_the_link_on_a_line_of_its_own() => Assert.Equal(
        """
        First.

        Second.

        Open it:
        https://portal.test/a?b=c&d=e

        Last.

        -- 
        Acme & Sons

        """,
        Renderer.Text(new Letter(
            "Subject", ["First.", "Second."], new LetterLink("Open it", "https://portal.test/a?b=c&d=e"), ["Last."])));

    [Fact]
    public void Its_link_is_a_button_and_a_text()
    {
        const string Url = "https://portal.test/a?b=c&d=e";
        var html = Parse(new Letter("Subject", ["First."], new LetterLink("Open it", Url)));

        var links = html.QuerySelectorAll("a");
        Assert.Equal(["Open it", Url], links.Select(a => a.TextContent));
        Assert.All(links, a => Assert.Equal(Url, a.GetAttribute("href")));
    }

    [Fact]
    public void What_looks_like_markup_is_read_as_written()
    {
        var html = Parse(new Letter(Nasty, [Nasty], new LetterLink(Nasty, "https://portal.test/\"><script>"), [Nasty]));

        Assert.Equal(Nasty, html.Title);
        Assert.Equal(Nasty, html.QuerySelector("h1")!.TextContent);
        Assert.Equal(3, html.QuerySelectorAll("p").Count(p => p.TextContent == Nasty));
        Assert.Empty(html.QuerySelectorAll("script, img, [onerror]"));
    }

    [Fact]
    public void Opening_it_fetches_nothing()
    {
        var html = Parse(new Letter("Subject", ["First."], new LetterLink("Open it", "https://portal.test/")));

        Assert.Empty(html.QuerySelectorAll("img, link, script, style, iframe, object, form, [src], [background]"));
        Assert.DoesNotContain("url(", html.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/reset-password?token=x")]
    [InlineData("data:text/html,x")]
    [InlineData("https://portal.test/\r\nBcc: eve@example.com")]
    public void A_link_that_no_mail_can_follow_is_refused(string url) =>
        Assert.Throws<ArgumentException>(() => Renderer.Html(new Letter("S", ["P"], new LetterLink("W", url))));

    private static AngleSharp.Html.Dom.IHtmlDocument Parse(Letter letter) =>
        new HtmlParser().ParseDocument(Renderer.Html(letter));
}
