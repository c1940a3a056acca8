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

    private static readonly Look[] Looks =
    [
        new("320-light", 320, ColorScheme.Light),
        new("360-light", 360, ColorScheme.Light),
        new("360-dark", 360, ColorScheme.Dark),
        new("360-forced", 360, ColorScheme.Dark, ForcedColors.Active),
        new("1440-light", 1440, ColorScheme.Light),
        new("1440-dark", 1440, ColorScheme.Dark),
    ];

    private readonly List<(string Page, Look Look, byte[] Png)> _seen = [];

    [BrowserFact]
    public async Task Every_page_fits_every_window_in_every_theme()
    {
        await using var visitor = await run.VisitorAsync();
        await WalkAsync(visitor, name => SeeAsync(visitor, name));

        visitor.HasNothingToComplainOf();
        if (Keeps)
            await KeepAsync(visitor.Page);
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
        await visitor.IsToldAsync(AriaRole.Alert);
        await see("sign-in-refused");
        await visitor.OpenAsync("/sign-up");
        await see("sign-up");
        await visitor.FillAsync("Name", "Ada");
        await visitor.FillAsync("Email", "ada@example");
        await visitor.FillAsync("Password", "short");
        await visitor.PressAsync("Create account");
        await visitor.IsToldAsync(AriaRole.Alert);
        await see("sign-up-refused");
        await visitor.OpenAsync("/nowhere");
        await see("error-404");
        await visitor.OpenAsync("/error/503");
        await see("error-503");

        await visitor.SignUpAsync();
        await see("account");
        await visitor.FillAsync("Name", string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausen", 4)));
        await visitor.PressAsync("Save profile");
        await visitor.IsToldAsync(AriaRole.Status);
        await see("account-saved");
        foreach (var name in (string[])["security", "email", "devices", "activity", "data"])
        {
            await visitor.OpenAsync($"/account/{name}");
            await see(name);
        }

        await WalkSecondFactorAsync(visitor, see);
        await visitor.OpenAsync("/");
        await see("home-signed-in");
        await visitor.OpenAsync("/developers");
        await see("developers");
        await visitor.OpenAsync("/sign-out");
        await see("sign-out");
        await visitor.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync();
        await visitor.IsToldAsync(AriaRole.Status);
        await see("signed-out");
    }

    private static async Task WalkSecondFactorAsync(Visitor visitor, Func<string, Task> see)
    {
        await visitor.OpenAsync("/step-up?max_age=0");
        await see("step-up");
        await visitor.OpenAsync("/account/security/authenticator");
        await see("authenticator-set-up");
        await visitor.FillAsync("Code", "123");
        await visitor.PressAsync("Turn it on");
        await visitor.IsToldAsync(AriaRole.Alert);
        await see("authenticator-refused");
        await visitor.SetUpPhoneAsync();
        await see("recovery-codes");
        var codes = await visitor.Page.Locator(".codes code").AllTextContentsAsync();
        foreach (var (path, name) in ((string, string)[])[("/authenticator", "authenticator-on"), ("", "security-on")])
        {
            await visitor.OpenAsync("/account/security" + path);
            await see(name);
        }

        await visitor.PressAsync("Sign out");
        await visitor.SignInAsync();
        await visitor.SeesAsync("Enter your code");
        await see("second-factor");
        await visitor.FillAsync("Code", "123");
        await visitor.PressAsync("Continue");
        await visitor.IsToldAsync(AriaRole.Alert);
        await see("second-factor-refused");
        await visitor.FollowAsync("Use a recovery code");
        await visitor.SeesAsync("Use a recovery code");
        await see("recovery-code");
        await visitor.FillAsync("Recovery code", codes[0]);
        await visitor.PressAsync("Continue");
    }

    private async Task SeeAsync(Visitor visitor, string name)
    {
        await visitor.Page.WaitForLoadStateAsync();
        foreach (var look in Looks)
        {
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = look.Theme, ForcedColors = look.Forced });
            await visitor.FitsAsync(look.Width, $"{name} at {look.Name}");
            if (Keeps)
                _seen.Add((name, look, await visitor.Page.ScreenshotAsync(new() { FullPage = true })));
        }
    }

    private async Task KeepAsync(IPage page)
    {
        Directory.CreateDirectory(Folder);
        await page.GotoAsync("about:blank");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ForcedColors = ForcedColors.None });
        await page.SetViewportSizeAsync(2500, 900);
        foreach (var sheet in _seen.GroupBy(shot => shot.Look))
        {
            foreach (var shot in sheet)
                await File.WriteAllBytesAsync(Path.Combine(Folder, $"{shot.Page}-{sheet.Key.Name}.png"), shot.Png);

            var width = sheet.Key.Width < 600 ? 400 : 800;
            var figures = sheet.Select(shot => $"<figure><figcaption>{shot.Page}</figcaption><img width={width} "
                + $"src=data:image/png;base64,{Convert.ToBase64String(shot.Png)}></figure>");
            await page.SetContentAsync("<style>body{display:flex;flex-wrap:wrap;gap:16px;font:20px sans-serif}"
                + $"figure{{margin:0}}img{{border:1px solid gray}}</style>{string.Concat(figures)}");
            await page.ScreenshotAsync(
                new() { FullPage = true, Path = Path.Combine(Folder, $"sheet-{sheet.Key.Name}.png") });
        }
    }

    private sealed record Look(
        string Name, int Width, ColorScheme Theme, ForcedColors Forced = ForcedColors.None);
}
