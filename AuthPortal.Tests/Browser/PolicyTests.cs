using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>What the headers make a real browser refuse.</summary>
[Trait("Category", "Browser")]
public sealed class PolicyTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task No_site_may_frame_a_page()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-in");
        var signIn = visitor.Page.Url;
        await visitor.Page.GotoAsync("about:blank");

        await visitor.Page.SetContentAsync($"<iframe src='{signIn}'></iframe>");

        var frame = visitor.Page.Frames[1];
        await frame.WaitForLoadStateAsync();
        Assert.Equal(0, await frame.GetByLabel("Password").CountAsync());
        Assert.StartsWith("chrome-error:", frame.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task No_script_makes_markup_of_text_and_none_that_is_written_into_a_page_runs()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.OpenAsync("/sign-in");

        var refused = await Assert.ThrowsAsync<PlaywrightException>(() => visitor.Page.EvaluateAsync(
            "document.body.innerHTML = '<img src=x onerror=\"window.ran = true\">'"));
        Assert.Contains("TrustedHTML", refused.Message, StringComparison.Ordinal);
        await visitor.Page.EvaluateAsync(
            """
            () => new Promise((failed) => {
              const image = document.createElement("img");
              try { image.setAttribute("onerror", "window.ran = true"); } catch { /* refused already */ }
              image.addEventListener("error", failed); // after the other, which was there first
              image.setAttribute("src", "/none");
              document.body.append(image);
            }).then(() => null)
            """);
        Assert.False(await visitor.Page.EvaluateAsync<bool>("window.ran === true"));
    }
}
