using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>
/// Every page in the widths and themes people have. <c>AUTHPORTAL_SCREENSHOTS=1</c> keeps what was seen under
/// <c>.data/screenshots</c>, one sheet for each width and theme, to be looked at.
/// </summary>
[Collection(BrowserRun.Name)]
[Trait("Category", "Browser")]
public sealed class ScreenshotTests(BrowserRun run)
{
    private static readonly string Folder = Path.Combine(Source.Root, ".data", "screenshots");
    private static readonly bool Keeps = Environment.GetEnvironmentVariable("AUTHPORTAL_SCREENSHOTS") == "1";

    private readonly List<(string Name, byte[] Png)> _sheet = [];

    [BrowserFact]
    public Task Every_page_fits_a_phone_in_light() => LookAsync(360, ColorScheme.Light);

    [BrowserFact]
    public Task Every_page_fits_a_phone_in_dark() => LookAsync(360, ColorScheme.Dark);

    [BrowserFact]
    public Task Every_page_fits_a_desk_in_light() => LookAsync(1440, ColorScheme.Light);

    [BrowserFact]
    public Task Every_page_fits_a_desk_in_dark() => LookAsync(1440, ColorScheme.Dark);

    [BrowserFact]
    public Task Every_page_fits_the_narrowest_phone() => LookAsync(320, ColorScheme.Light);

    [BrowserFact]
    public Task Every_page_holds_in_forced_colours() => LookAsync(360, ColorScheme.Dark, ForcedColors.Active);

    private async Task LookAsync(int width, ColorScheme theme, ForcedColors forced = ForcedColors.None)
    {
        await using var visitor = await run.VisitorAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 740 : 900 },
            ColorScheme = theme,
            ForcedColors = forced,
        });
        await WalkAsync(visitor, name => SeeAsync(visitor, name));

        visitor.HasNothingToComplainOf();
        if (Keeps)
            await KeepAsync(visitor.Page, $"{width}-{(forced == ForcedColors.Active ? "forced" : $"{theme}").ToLowerInvariant()}");
    }

    private static async Task WalkAsync(Visitor visitor, Func<string, Task> see)
    {
        await visitor.OpenAsync("/");
        await see("home");
        await visitor.OpenAsync("/sign-in");
        await see("sign-in");
        await visitor.FillAsync("Email", "ada@example.com");
        await visitor.FillAsync("Password", "not the password");
        await visitor.PressAsync("Sign in");
        await see("sign-in-refused");
        await visitor.OpenAsync("/sign-up");
        await see("sign-up");
        await visitor.FillAsync("Name", "Ada");
        await visitor.FillAsync("Email", "ada@example");
        await visitor.FillAsync("Password", "short");
        await visitor.PressAsync("Create account");
        await see("sign-up-refused");
        await visitor.OpenAsync("/nowhere");
        await see("error-404");
        await visitor.OpenAsync("/error/503");
        await see("error-503");

        await visitor.SignUpAsync();
        await see("account");
        await visitor.FillAsync("Name", string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausen", 4)));
        await visitor.PressAsync("Save name");
        await see("account-saved");
        await visitor.OpenAsync("/");
        await see("home-signed-in");
        await visitor.OpenAsync("/developers");
        await see("developers");
        await visitor.OpenAsync("/sign-out");
        await see("sign-out");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync();
        await see("signed-out");
    }

    private async Task SeeAsync(Visitor visitor, string name)
    {
        await visitor.Page.WaitForLoadStateAsync();
        var overflow = await visitor.Page.EvaluateAsync<int>(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{name} is {overflow} px too wide");
        if (Keeps)
            _sheet.Add((name, await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true })));
    }

    private async Task KeepAsync(IPage page, string kind)
    {
        Directory.CreateDirectory(Folder);
        foreach (var (name, png) in _sheet)
            await File.WriteAllBytesAsync(Path.Combine(Folder, $"{name}-{kind}.png"), png);

        var width = page.ViewportSize!.Width < 600 ? 400 : 800;
        var figures = _sheet.Select(shot => $"<figure><figcaption>{shot.Name}</figcaption>"
            + $"<img width={width} src=data:image/png;base64,{Convert.ToBase64String(shot.Png)}></figure>");
        await page.GotoAsync("about:blank");
        await page.SetViewportSizeAsync(2500, 900);
        await page.SetContentAsync("<style>:root{color-scheme:light}body{display:flex;flex-wrap:wrap;gap:16px;font:20px sans-serif}"
            + $"figure{{margin:0}}img{{border:1px solid gray}}</style>{string.Concat(figures)}");
        await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(Folder, $"sheet-{kind}.png") });
    }
}
