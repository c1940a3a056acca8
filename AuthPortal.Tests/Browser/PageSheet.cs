using AuthPortal.Tests.Support;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace AuthPortal.Tests.Browser;

/// <summary>
/// Pages as they look in every window and theme: none may be wider than its window. With
/// <c>AUTHPORTAL_SCREENSHOTS=1</c> there are more looks, axe reads each page in both themes, and what was seen is kept
/// under <c>.data/screenshots</c>, one sheet for each look, to be looked at.
/// </summary>
/// <param name="set">What the files' names begin with.</param>
internal sealed class PageSheet(string set)
{
    public static bool Keeps { get; } = Environment.GetEnvironmentVariable("AUTHPORTAL_SCREENSHOTS") == "1";

    /// <summary>All that the themes differ in.</summary>
    private static readonly AxeRunOptions ColoursAlone = new() { RunOnly = RunOnlyOptions.Rules("color-contrast") };

    private static readonly Look[] Looks =
    [
        new("320-light", 320, ColorScheme.Light),
        new("1440-dark", 1440, ColorScheme.Dark),
        new("360-forced", 360, ColorScheme.Dark, ForcedColors.Active),
        .. Keeps ? new Look[]
        {
            new("320-dark", 320, ColorScheme.Dark),
            new("768-light", 768, ColorScheme.Light),
            new("768-dark", 768, ColorScheme.Dark),
            new("1440-light", 1440, ColorScheme.Light),
            new("1920-light", 1920, ColorScheme.Light),
            new("1920-dark", 1920, ColorScheme.Dark),
            new("1280-text-200", 1280, ColorScheme.Light, TextSize: 200),
        }
        : [],
    ];

    private readonly List<(string Page, Look Look, byte[] Png)> _seen = [];

    public static string Folder { get; } = Path.Combine(Source.Root, ".data", "screenshots");

    /// <summary>axe is put into a page by a script that the portal's policy forbids.</summary>
    public static BrowserNewContextOptions Options => new() { BypassCSP = Keeps };

    /// <summary>What axe finds wrong with a page, in both themes: nothing.</summary>
    public static async Task IsAccessibleAsync(Visitor visitor, string what)
    {
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = theme, ForcedColors = ForcedColors.None });
            var (rules, least) = theme is ColorScheme.Light ? (null, 10) : (ColoursAlone, 1);
            await visitor.IsAccessibleAsync($"{what}, {theme}", rules, least);
        }
    }

    public async Task SeeAsync(Visitor visitor, string name)
    {
        await visitor.Page.WaitForLoadStateAsync();
        foreach (var look in Looks)
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = look.Theme, ForcedColors = look.Forced });
            await visitor.Page.EvaluateAsync($"document.documentElement.style.fontSize = '{look.TextSize}%'");
            await visitor.FitsAsync(look.Width, $"{name} at {look.Name}");
            if (Keeps)
                _seen.Add((name, look, await visitor.Page.ScreenshotAsync(new() { FullPage = true })));
        }

        await visitor.Page.EvaluateAsync("document.documentElement.style.fontSize = ''");
        if (Keeps)
            await IsAccessibleAsync(visitor, name);
    }

    public async Task KeepAsync(IPage page)
    {
        if (!Keeps)
            return;
        Directory.CreateDirectory(Folder);
        await page.GotoAsync("about:blank");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ForcedColors = ForcedColors.None });
        await page.SetViewportSizeAsync(2500, 900);
        foreach (var sheet in _seen.GroupBy(shot => shot.Look))
        {
            foreach (var (name, look, png) in sheet)
                await File.WriteAllBytesAsync(Path.Combine(Folder, $"{set}{name}-{look.Name}.png"), png);

            var width = sheet.Key.Width < 600 ? 400 : 800;
            var figures = sheet.Select(shot => $"<figure><figcaption>{shot.Page}</figcaption><img width={width} "
                + $"src=data:image/png;base64,{Convert.ToBase64String(shot.Png)}></figure>");
            await page.SetContentAsync("<style>body{display:flex;flex-wrap:wrap;gap:16px;font:20px sans-serif}"
                + $"figure{{margin:0}}img{{border:1px solid gray}}</style>{string.Concat(figures)}");
            await page.ScreenshotAsync(
                new() { FullPage = true, Path = Path.Combine(Folder, $"sheet-{set}{sheet.Key.Name}.png") });
        }
    }

    /// <param name="TextSize">What the person chose, in hundredths of the usual.</param>
    private sealed record Look(
        string Name, int Width, ColorScheme Theme, ForcedColors Forced = ForcedColors.None, int TextSize = 100);
}
