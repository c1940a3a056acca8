using Microsoft.Playwright;

namespace AuthPortal.Tests.Support;

/// <summary>
/// The one Chromium of a test run. The first test that opens a page starts it; it ends with the process. Every visitor
/// has a context in it: cookies, cache and permissions of their own.
/// </summary>
internal static class Chromium
{
    private const string WithoutWindows = "/usr/bin/chromium-headless-shell";

    private static readonly Lazy<Task<IBrowser>> Browser = new(LaunchAsync);

    /// <summary>
    /// Its program, or where it would be. Debian has Chromium without its windows too (<c>chromium-headless-shell</c>),
    /// which shows pages for half of the work.
    /// </summary>
    public static string Program { get; } =
        Environment.GetEnvironmentVariable("AUTHPORTAL_CHROMIUM") is { Length: > 0 } named ? named
        : File.Exists(WithoutWindows) ? WithoutWindows
        : "/usr/bin/chromium";

    public static async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null) =>
        await (await Browser.Value).NewContextAsync(options);

    private static async Task<IBrowser> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Args =
            [
                "--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => browser.CloseAsync().Wait(TimeSpan.FromSeconds(5));
        return browser;
    }
}
