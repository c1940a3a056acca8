using System.IO.Compression;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>What opening a page costs whoever opens it.</summary>
[Trait("Category", "Browser")]
public sealed partial class WeightTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    private const int MostBytes = 20 * 1024;

    [BrowserFact]
    public async Task Sign_in_is_three_requests_under_20_KB_and_nothing_moves_while_it_loads()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        var moved = await visitor.Page.EvaluateAsync<string[]>(Moved);
        await visitor.Page.EvaluateAsync(AsksLast);

        var own = new Uri(portal.Address);
        Assert.All(visitor.Requests, url => Assert.Equal(own.Authority, new Uri(url).Authority));
        var asked = visitor.Requests.Distinct().Where(url => !IsOfTheBrowser(url) && !IsLast(url)).ToList();
        Assert.Equal(
            ["/forms.js", "/portal.css", "/sign-in"],
            asked.Select(url => Fingerprint().Replace(new Uri(url).AbsolutePath, "")).Order(StringComparer.Ordinal));
        Assert.InRange(await WeighAsync(asked), 1, MostBytes);
        Assert.Empty(moved);
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task Passkeys_are_asked_for_once_somebody_is_there()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.Page.EvaluateAsync(AsksLast);
        Assert.DoesNotContain(visitor.Requests, IsOfPasskeys);

        await visitor.Page.RunAndWaitForResponseAsync(
            () => visitor.Page.Keyboard.PressAsync("Tab"),
            response => response.Url.EndsWith("/generate-authenticate-options", StringComparison.Ordinal));
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.EvaluateAsync(AsksLast);

        Assert.Equal(2, visitor.Requests.Count(IsOfPasskeys));
        visitor.HasNothingToComplainOf();

        static bool IsOfPasskeys(string url) => url.Contains("passkey", StringComparison.Ordinal);
    }

    /// <summary>Asks for something once two frames are painted: all that the page itself asks for is asked before.</summary>
    private const string AsksLast =
        """
        async () => {
          await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
          await fetch("/healthz/live");
        }
        """;

    private static bool IsLast(string url) => url.EndsWith("/healthz/live", StringComparison.Ordinal);

    /// <summary>The icon for the tab: a browser asks for it when it likes, and some never do.</summary>
    private static bool IsOfTheBrowser(string url) => url.EndsWith(".svg", StringComparison.Ordinal);

    /// <summary>The part of a file's name that changes with its content.</summary>
    [GeneratedRegex(@"(?<=^/\w+)\.\w+(?=\.(js|css)$)")]
    private static partial Regex Fingerprint();

    /// <summary>Lists every element that moved after it was painted, and from where to where.</summary>
    private const string Moved =
        """
        async () => {
          await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
          const observer = new PerformanceObserver(() => {});
          observer.observe({ type: "layout-shift", buffered: true });
          await new Promise((done) => setTimeout(done));
          const place = (box) => `${box.x},${box.y} ${box.width}x${box.height}`;
          return observer.takeRecords().flatMap((entry) => entry.sources.map((moved) =>
            `${moved.node?.nodeName} ${moved.node?.className}: ${place(moved.previousRect)} to ${place(moved.currentRect)}`));
        }
        """;

    /// <summary>
    /// What comes over the wire, headers too. Files count as they are published: a build for tests hardly packs them.
    /// </summary>
    private static async Task<long> WeighAsync(IEnumerable<string> urls)
    {
        using var http = new HttpClient();
        var sum = 0L;
        foreach (var url in urls)
        {
            var answer = await http.GetAsync(url);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var isFile = answer.Content.Headers.ContentType?.MediaType != "text/html";
            sum += $"{answer.Headers}{answer.Content.Headers}".Length + (isFile ? Packed(body) : body.Length);
        }

        return sum;
    }

    private static long Packed(byte[] file)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(file);
        return packed.Length;
    }
}
