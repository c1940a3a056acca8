using AuthPortal.Tests.Support;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Interop;

/// <summary>One person's browser, whose pages share their cookies.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IBrowserContext _context;

    private Chromium(IPlaywright playwright, IBrowser browser, IBrowserContext context) =>
        (_playwright, _browser, _context) = (playwright, browser, context);

    public static async Task<Chromium> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = BrowserFactAttribute.Chromium,
            Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        });
        return new Chromium(playwright, browser, await browser.NewContextAsync());
    }

    public Task<IPage> NewPageAsync() => _context.NewPageAsync();

    /// <summary>A page, once its script has run.</summary>
    public async Task<IPage> OpenAsync(string url)
    {
        var page = await _context.NewPageAsync();
        await page.GotoAsync(url);
        await page.WaitForFunctionAsync("() => window.clientOf");
        return page;
    }

    /// <summary>Sends a form from one page to an address elsewhere, which no rule for scripts prevents.</summary>
    /// <returns>The answer's status.</returns>
    public async Task<int> PostFormAsync(string from, string action)
    {
        var page = await OpenAsync(from);
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.EvaluateAsync(
                """
                action => {
                  const form = Object.assign(document.createElement("form"), { action, method: "post" });
                  document.body.append(form);
                  form.submit();
                }
                """,
                action),
            response => response.Url == action);
        return answer.Status;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
