using System.IO.Compression;
using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>What opening a page costs whoever opens it.</summary>
[Collection(BrowserRun.Name)]
[Trait("Category", "Browser")]
public sealed class WeightTests(BrowserRun run)
{
    private const int MostBytes = 20 * 1024;

    [BrowserFact]
    public async Task Sign_in_is_three_requests_under_20_KB_and_nothing_moves_while_it_loads()
    {
        await using var visitor = await run.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Equal(["script", "stylesheet"], await visitor.Page.EvaluateAsync<string[]>(Kinds));
        var own = new Uri(visitor.Page.Url).GetLeftPart(UriPartial.Authority);
        Assert.All(visitor.Requests, url => Assert.StartsWith(own, url, StringComparison.Ordinal));

        // The page, its style and its script; and what the browser itself wants for the tab.
        var asked = visitor.Requests.Distinct().ToList();
        Assert.Equal(3, asked.Count(url => !url.EndsWith(".svg", StringComparison.Ordinal)));
        Assert.InRange(asked.Count, 3, 4);
        Assert.InRange(await WeighAsync(asked), 1, MostBytes);
        Assert.Equal(0, await visitor.Page.EvaluateAsync<double>(Shift));
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task Passkeys_are_asked_for_once_somebody_is_there()
    {
        await using var visitor = await run.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.DoesNotContain(visitor.Requests, IsOfPasskeys);

        await visitor.Page.RunAndWaitForRequestAsync(
            () => visitor.Page.Keyboard.PressAsync("Tab"),
            request => request.Url.EndsWith("/generate-authenticate-options", StringComparison.Ordinal));
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Equal(2, visitor.Requests.Count(IsOfPasskeys));
        visitor.HasNothingToComplainOf();

        static bool IsOfPasskeys(string url) => url.Contains("passkey", StringComparison.Ordinal);
    }

    /// <summary>What the page loaded besides itself.</summary>
    private const string Kinds =
        """
        performance.getEntriesByType("resource")
          .map((entry) => entry.name.endsWith(".css") ? "stylesheet" : entry.initiatorType).sort()
        """;

    private const string Shift =
        """
        new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 300);
        })
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
