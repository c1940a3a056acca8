using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class ErrorPageTests(Portal portal) : IClassFixture<Portal>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public async Task An_unknown_page_is_said_to_be_unknown_by_any_method(string method)
    {
        var browser = portal.Browser();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/nowhere");

        await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, browser.Status);
        Assert.Equal("Page not found", browser.Heading);
        Assert.Contains("There is no page at this address.", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/error/404")]
    [InlineData("/error/500")]
    [InlineData("/error/503")]
    [InlineData("/error/200")]
    [InlineData("/error/-1")]
    [InlineData("/error/99999999999")]
    [InlineData("/error/teapot")]
    public async Task Nobody_makes_a_failure_by_asking_for_its_page(string path)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, browser.Status);
        Assert.Equal("Page not found", browser.Heading);
        Assert.Equal("Page not found · AuthPortal", browser.Page.Title);
    }

    [Fact]
    public async Task A_fault_of_ours_has_a_page_with_its_status()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();
        await portal.ExecuteAsync("alter table audit_details rename to away");
        await browser.OpenAsync("/account/activity");
        await portal.ExecuteAsync("alter table away rename to audit_details");

        Assert.Equal(HttpStatusCode.InternalServerError, browser.Status);
        Assert.Equal("Something went wrong", browser.Heading);
        Assert.Equal("Something went wrong · AuthPortal", browser.Page.Title);
        Assert.Contains($"{AuthErrors.Unexpected.Advice}", browser.Text, StringComparison.Ordinal);
        Assert.NotNull(browser.Page.QuerySelector("main code"));
    }

    [Theory]
    [InlineData("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("traceparent", "00-<b>92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "[0-9a-f]{32}")]
    [InlineData("Request-Id", "|<b>what-a-stranger-likes</b>.", "[0-9a-f]{32}")]
    [InlineData("X-Nothing", "", "[0-9a-f]{32}")]
    public async Task A_failure_has_an_id_to_write_to_us_about(string header, string value, string expected)
    {
        var browser = portal.Browser();
        await browser.SendAsync(Visit.Request(HttpMethod.Get, "/nowhere", (header, value)));

        var sentence = browser.Page.QuerySelector("main code")!.ParentElement!;
        Assert.StartsWith("If you write to whoever runs this portal, mention ", sentence.TextContent, StringComparison.Ordinal);
        Assert.Matches($"^{expected}$", sentence.QuerySelector("code")!.InnerHtml);
    }
}
