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

    [Fact]
    public async Task Without_its_database_the_portal_says_so_and_keeps_whoever_is_signed_in()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var lonely = new Portal
        {
            Settings = { ["ConnectionStrings:Portal"] = server.ConnectionString, ["Database:ConnectTimeout"] = "2" },
        };
        var browser = lonely.Browser();
        var email = await browser.SignUpAsync();
        await server.StopAsync();

        await browser.OpenAsync("/account");
        Assert.Equal("Hello, Ada", browser.Heading);

        var lines = LogLines.Of(lonely);
        var other = lonely.Browser();
        await other.OpenAsync("/sign-in");
        await other.SignInAsync(email);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, other.Status);
        Assert.Equal("Back in a moment", other.Heading);
        Assert.Contains(
            "The portal can't reach its database right now. Please try again in a moment.",
            other.Text,
            StringComparison.Ordinal);
        Assert.NotNull(other.Response.Headers.RetryAfter);
        Assert.NotNull(other.Page.QuerySelector("main code"));
        var told = lines.All.Where(line => line.Contains("could not be served", StringComparison.Ordinal));
        Assert.Contains("did not answer within 2 s", Assert.Single(told), StringComparison.Ordinal);

        await server.ContinueAsync();
        await other.OpenAsync("/sign-in");
        await other.SignInAsync(email);
        Assert.Equal("Hello, Ada", other.Heading);
    }
}
