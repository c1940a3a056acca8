using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed partial class StylesheetTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly string Css = File.ReadAllText(
        Path.Combine(Source.Root, "AuthPortal", "wwwroot", "portal.css"));

    [Fact]
    public void The_stylesheet_is_under_12_KB_and_fetches_nothing()
    {
        Assert.InRange(Css.Length, 1, 12 * 1024);
        Assert.DoesNotContain("url(", Css, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", Css, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "card", 7)]
    [InlineData("text", "ground", 7)]
    [InlineData("text", "glow", 7)]
    [InlineData("soft", "card", 4.5)]
    [InlineData("soft", "ground", 4.5)]
    [InlineData("soft", "glow", 4.5)]
    [InlineData("soft", "sunk", 4.5)]
    [InlineData("link", "card", 4.5)]
    [InlineData("link", "sunk", 4.5)]
    [InlineData("on-accent", "accent", 4.5)]
    [InlineData("on-accent", "accent-hover", 4.5)]
    [InlineData("bad", "card", 4.5)]
    [InlineData("bad", "bad-ground", 4.5)]
    [InlineData("good", "good-ground", 4.5)]
    [InlineData("accent", "card", 3)] // what is no text: WCAG 2.2 §1.4.11
    [InlineData("edge", "card", 3)]
    [InlineData("link", "glow", 3)]
    public void What_stands_on_a_colour_can_be_read_in_both_themes(string front, string back, double least)
    {
        for (var theme = 1; theme <= 2; theme++)
        {
            var (a, b) = (Luminance(Colour(front, theme)), Luminance(Colour(back, theme)));
            var contrast = (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
            Assert.True(contrast >= least, $"--{front} on --{back}: {contrast:0.00}");
        }
    }

    [Fact]
    public async Task Pages_name_their_files_by_content_so_that_browsers_may_keep_them_for_good()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/");

        foreach (var selector in (string[])["link[rel=stylesheet]", "link[rel=icon]"])
        {
            var href = browser.Page.QuerySelector(selector)!.GetAttribute("href")!;
            Assert.Matches(@"^/\w+\.\w{10}\.(css|svg)$", href);
            var response = await portal.Stranger().GetAsync(href);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, deflate, br, zstd")]
    [InlineData("identity")]
    public async Task The_stylesheet_arrives_whole_however_it_is_packed(string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/portal.css");
        request.Headers.Add("Accept-Encoding", accepted);
        var response = await portal.Stranger().SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/css", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Css, await UnpackAsync(response));
    }

    private static async Task<string> UnpackAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStreamAsync();
        await using var plain = response.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync();
    }

    /// <param name="theme">1 is light, 2 is dark.</param>
    private static string Colour(string name, int theme) =>
        Definition().Matches(Css).Single(m => m.Groups["name"].Value == name).Groups[$"c{theme}"].Value;

    /// <summary>WCAG 2.2's relative luminance.</summary>
    private static double Luminance(string hex)
    {
        double[] channels = [.. Enumerable.Range(0, 3).Select(i =>
        {
            var part = int.Parse(hex.AsSpan(i * 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        })];
        return (0.2126 * channels[0]) + (0.7152 * channels[1]) + (0.0722 * channels[2]);
    }

    [GeneratedRegex("--(?<name>[a-z-]+): light-dark\\(#(?<c1>[0-9a-f]{6}), #(?<c2>[0-9a-f]{6})\\);")]
    private static partial Regex Definition();
}
