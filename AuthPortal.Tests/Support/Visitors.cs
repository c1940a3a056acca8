using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Support;

/// <summary>The browsers' contexts that one test opened. They are closed when the test is over.</summary>
internal sealed partial class Visitors
{
    private static readonly AsyncLocal<Visitors?> Current = new();

    /// <summary>Where the screenshots and traces of failed tests are kept.</summary>
    private static readonly string Folder = Path.Combine(Source.Root, ".data", "browser");

    private readonly ConcurrentQueue<IBrowserContext> _contexts = new();

    /// <summary>Begins to collect what the test opens that is run next in this flow.</summary>
    public static Visitors OfThisTest() => Current.Value = new Visitors();

    /// <summary>Opens a context that the running test owns.</summary>
    public static async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        using var cost = Costs.Of("browser contexts opened");
        var context = await Chromium.NewContextAsync(options);
        await context.Tracing.StartAsync(new() { Screenshots = false, Snapshots = false });
        Current.Value!._contexts.Enqueue(context);
        return context;
    }

    /// <summary>Closes all; of a failed test it keeps a screenshot of every page and the trace of every context.</summary>
    public async Task LeaveAsync(string test, bool hasFailed)
    {
        var number = 0;
        foreach (var context in _contexts)
        {
            if (hasFailed)
                await KeepAsync(context, Path.Combine(Folder, $"{NotName().Replace(test, "_")}-{++number}"));
            await context.DisposeAsync();
        }
    }

    private static async Task KeepAsync(IBrowserContext context, string file)
    {
        foreach (var (n, page) in context.Pages.Index())
            await page.ScreenshotAsync(new() { Path = n == 0 ? $"{file}.png" : $"{file}-{n}.png", FullPage = true });
        await context.Tracing.StopAsync(new() { Path = $"{file}.zip" });
        await Console.Error.WriteLineAsync($"What it saw is in {file}.png and, for `npx playwright show-trace`, in {file}.zip.");
    }

    [GeneratedRegex("[^A-Za-z0-9_.]+")]
    private static partial Regex NotName();
}
