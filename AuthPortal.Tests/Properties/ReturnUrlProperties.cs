using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>Whatever address somebody is to be sent back to, they stay here or go where the portal trusts.</summary>
public sealed class ReturnUrlProperties(TrustingPortal portal) : IClassFixture<TrustingPortal>
{
    private static readonly string[] Trusted = [Portal.Url, "https://app.example.com", "https://dev.example.com:8443"];

    private static readonly PortalOptions Options = new() { PublicUrl = Portal.Url, TrustedOrigins = [.. Trusted[1..]] };

    [Fact]
    public void No_address_leads_away_by_the_rules_of_the_framework() => Destinations.Any.Hold(2_000, 100_000, url =>
    {
        foreach (var location in LocationsFor(url))
        {
            Assert.All(location, c => Assert.InRange(c, '!', '~'));
            Assert.Contains(OriginOf(location), Trusted);
            Assert.Contains(OriginOf(AsBrowsersRead(location)), Trusted);
        }
    });

    /// <summary>By the parser that browsers share (WHATWG URL), as node has it.</summary>
    [Fact]
    public async Task No_address_leads_away_by_the_rules_of_browsers()
    {
        var locations = new ConcurrentDictionary<string, string>();
        Destinations.Any.Hold(2_000, 100_000, url =>
        {
            foreach (var location in LocationsFor(url))
                locations.TryAdd(location, url);
        });
        Assert.NotEmpty(locations);

        Assert.Equal(["https://evil.example"], await OriginsOfAsync(["/\t/evil.example"])); // so they would be seen
        Assert.Empty((await OriginsOfAsync([.. locations.Keys])).Except(Trusted));
    }

    [Fact]
    public Task No_page_sends_anybody_away() =>
        Gen.Select(Gen.OneOf("/sign-in", "/sign-up"), Destinations.Any).HoldAsync(30, 5_000, async sample =>
        {
            var (page, url) = sample;
            var cookie = await portal.CookieAsync();
            var answer = await portal.SendAsync("GET", page, [("Cookie", cookie)], QueryString.Create("returnUrl", url));
            Assert.Equal(302, answer.Status);
            Assert.Contains(OriginOf(answer.Header("Location")), Trusted);
            Assert.Contains(OriginOf(AsBrowsersRead(answer.Header("Location"))), Trusted);
        });

    [Fact]
    public Task No_endpoint_sends_anybody_away() =>
        Gen.Select(Gen.OneOf("/api/auth/verify-email", "/api/auth/reset-password/x"), Destinations.Any)
            .HoldAsync(30, 5_000, async sample =>
            {
                var (path, url) = sample;
                var query = QueryString.Create("token", "x").Add("callbackURL", url);
                var answer = await portal.SendAsync("GET", path, [], query);
                if (answer.Status != 302)
                    Assert.InRange(answer.Status, 400, 403);
                else
                    Assert.Contains(OriginOf(AsBrowsersRead(answer.Header("Location"))), Trusted);
            });

    /// <summary>Where a page redirects to, and where a mailed link does, which adds what came of it.</summary>
    private static IEnumerable<string> LocationsFor(string url) =>
        ReturnUrl.Safe(url, Options) is { } safe ? [safe, CallbackUrl.With(safe, ("error", "x"), Options)] : [];

    private static string OriginOf(string location) =>
        OriginText.Of(new Uri(new Uri($"{Portal.Url}/sign-in"), location));

    /// <summary>Before anything else they drop tabs and line ends, trim what is no text, and take \ for /.</summary>
    private static string AsBrowsersRead(string location) => string.Concat(
        location.Trim([.. Enumerable.Range(0, 33).Select(c => (char)c)]).Where(c => c is not ('\t' or '\n' or '\r')))
        .Replace('\\', '/');

    private static async Task<string[]> OriginsOfAsync(string[] locations)
    {
        const string Script = """
            const base = process.argv[1];
            const locations = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
            console.log(JSON.stringify([...new Set(locations.map(location => new URL(location, base).origin))]));
            """;
        var start = new ProcessStartInfo("node", ["-e", Script, $"{Portal.Url}/sign-in"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(locations));
        node.StandardInput.Close();
        return JsonSerializer.Deserialize<string[]>(await node.StandardOutput.ReadToEndAsync())!;
    }
}
