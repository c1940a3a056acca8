using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class SecurityContactTests(Portal portal) : IClassFixture<Portal>
{
    private const string Path = "/.well-known/security.txt";

    [Fact]
    public async Task Whoever_finds_a_hole_is_told_whom_to_tell() // RFC 9116
    {
        var told = portal.Sibling(sibling =>
        {
            sibling.Settings["Portal:SecurityContact"] = "mailto:security@example.com";
            sibling.Clock = new FakeTimeProvider(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
        });

        var answer = await told.Stranger().GetAsync(Path);

        Assert.Equal("text/plain; charset=utf-8", $"{answer.Content.Headers.ContentType}");
        Assert.Equal(
            """
            Contact: mailto:security@example.com
            Expires: 2031-05-04T00:00:00Z
            Canonical: https://portal.test/.well-known/security.txt
            Preferred-Languages: en

            """,
            await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Where_nobody_is_named_there_is_no_such_file() =>
        Assert.Equal(HttpStatusCode.NotFound, (await portal.Stranger().GetAsync(Path)).StatusCode);
}
