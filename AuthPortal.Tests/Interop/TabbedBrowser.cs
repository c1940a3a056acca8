using AuthPortal.Tests.Support;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Interop;

/// <summary>One person's browser, whose pages share their cookies.</summary>
internal sealed class TabbedBrowser(IBrowserContext context)
{
    /// <summary>Opens one with no cookies and nothing cached. It is closed when the test ends.</summary>
    public static async Task<TabbedBrowser> OpenAsync() => new(await Visitors.NewContextAsync());

    public Task<IPage> NewPageAsync() => context.NewPageAsync();

    /// <summary>A page, once its script has run.</summary>
    public async Task<IPage> OpenAsync(string url)
    {
        var page = await context.NewPageAsync();
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
}
