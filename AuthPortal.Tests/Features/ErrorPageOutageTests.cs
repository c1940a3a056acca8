using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>The pages that a person at a browser sees while PostgreSQL is away.</summary>
[Collection(OutageServer.Run)]
public sealed class ErrorPageOutageTests(OutageServer outages)
{
    [Fact]
    public async Task Without_its_database_the_portal_says_so_and_keeps_whoever_is_signed_in()
    {
        var server = outages.Server;
        await using var lonely = new Portal
        {
            Database = await outages.NewDatabaseAsync(),
            Settings = { ["Database:ConnectTimeout"] = "2" },
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
