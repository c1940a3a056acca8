using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>
/// The pages in each language, as Chromium shows them: nothing sticks out, axe is content, and no English is left.
/// With <c>AUTHPORTAL_SCREENSHOTS=1</c> they are kept under <c>.data/screenshots</c>.
/// </summary>
[Trait("Category", "Screenshots")]
public sealed partial class EveryLanguageTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    private static readonly string Folder = Path.Combine(PageSheet.Folder, "languages");

    private static readonly string[] Open =
    [
        "/", "/sign-in", "/sign-up", "/forgot-password", "/reset-password?token=x", "/verify-email?token=x",
        "/verify-email/resend", "/change-email?token=x", "/undo-email-change?token=x", "/delete-account?token=x",
        "/language", "/nowhere",
    ];

    private static readonly string[] Own =
    [
        "/account", "/account/email", "/account/security", "/account/security/authenticator", "/account/devices",
        "/account/activity", "/account/data", "/sign-out", "/step-up?max_age=0",
    ];

    [BrowserFact] public Task German_fits() => WalkAsync("de");

    [BrowserFact] public Task Spanish_fits() => WalkAsync("es");

    [BrowserFact] public Task French_fits() => WalkAsync("fr");

    [BrowserFact] public Task Japanese_fits_and_is_whole() => WalkAsync("ja", hasOtherLetters: true);

    [BrowserFact] public Task Arabic_fits_and_is_whole_from_right_to_left() => WalkAsync("ar", hasOtherLetters: true);

    private async Task WalkAsync(string tag, bool hasOtherLetters = false)
    {
        // axe is put into the page by a script that the portal's policy forbids.
        var visitor = await portal.VisitorAsync(new() { Locale = tag, BypassCSP = true });
        foreach (var path in Open)
            await LookAsync(visitor, tag, path, hasOtherLetters);

        await visitor.OpenAsync("/sign-up");
        await SendAsync(visitor, ("#Input-Name", "…"), ("#Input-Email", "x"), ("#Input-Password", "x"));
        await visitor.IsToldAsync(AriaRole.Alert);
        await LookAsync(visitor, tag, null, hasOtherLetters);
        await SendAsync(
            visitor, ("#Input-Name", "花子"), ("#Input-Email", visitor.Email), ("#Input-Password", Api.Password));
        await visitor.Page.WaitForURLAsync("**/account");
        foreach (var path in Own)
            await LookAsync(visitor, tag, path, hasOtherLetters);
    }

    private static async Task SendAsync(Visitor visitor, params (string Field, string Value)[] fields)
    {
        foreach (var (field, value) in fields)
            await visitor.Page.Locator(field).FillAsync(value);
        await visitor.Page.EvaluateAsync("document.querySelector('main form').noValidate = true");
        await visitor.Page.Locator("main form button:not([type=button])").First.ClickAsync();
    }

    /// <param name="path">Null for the page as it is.</param>
    private static async Task LookAsync(Visitor visitor, string tag, string? path, bool hasOtherLetters)
    {
        if (path is not null)
            await visitor.OpenAsync(path);
        await visitor.Page.WaitForLoadStateAsync();
        Assert.Equal(tag, await visitor.Page.Locator("html").GetAttributeAsync("lang"));

        foreach (var width in (int[])[320, 1440])
        {
            await visitor.FitsAsync(width, $"{visitor.Path} in {tag} at {width}");
            if (PageSheet.Keeps)
                await KeepAsync(visitor, $"{tag}-{width}{NotName().Replace(path ?? "refused", "_")}.png");
        }

        if (PageSheet.Keeps)
            await PageSheet.IsAccessibleAsync(visitor, $"{visitor.Path} in {tag}");
        else if (hasOtherLetters)
            await visitor.IsAccessibleAsync($"{visitor.Path} in {tag}");
        if (hasOtherLetters)
            Assert.Empty(English().Matches(await WordsAsync(visitor)).Select(match => $"{visitor.Path}: {match.Value}"));
    }

    /// <summary>All that is read or read aloud, but for addresses, codes and the languages' own names.</summary>
    private static Task<string> WordsAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string>(
        """
        () => {
          const page = document.body.cloneNode(true);
          page.querySelectorAll("footer, .languages, code, bdi, strong, input, script, noscript").forEach(e => e.remove());
          const read = [...page.querySelectorAll("[aria-label]")].map(e => e.ariaLabel);
          return [document.title, page.textContent, ...read].join(" ").replace(/\S+@\S+/g, "");
        }
        """);

    private static async Task KeepAsync(Visitor visitor, string name)
    {
        Directory.CreateDirectory(Folder);
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name), FullPage = true });
    }

    /// <summary>Words in Latin letters that are no name.</summary>
    [GeneratedRegex("""\b(?!AuthPortal|JavaScript|JSON|UTC|Chrome|Linux|https|Samsung|Internet|x00)[A-Za-z]{3,}\b""")]
    private static partial Regex English();

    [GeneratedRegex("[^a-zA-Z]+")]
    private static partial Regex NotName();
}
