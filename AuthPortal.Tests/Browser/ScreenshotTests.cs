using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>Every page in the widths and themes people have; <see cref="PageSheet"/> keeps what was seen.</summary>
[Trait("Category", "Screenshots")]
public sealed class ScreenshotTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task Every_page_fits_every_window_in_every_theme()
    {
        var sheet = new PageSheet("");
        var visitor = await portal.VisitorAsync(PageSheet.Options);
        await WalkAsync(visitor, name => sheet.SeeAsync(visitor, name));

        visitor.HasNothingToComplainOf();
        await sheet.KeepAsync(visitor.Page);
    }

    [BrowserFact]
    public async Task So_do_the_pages_that_mails_lead_to()
    {
        var sheet = new PageSheet("mailed-");
        await BrowsedPortal.VisitWithMailAsync(PageSheet.Options, async (visitor, mail) =>
        {
            await MailedWalk.GoAsync(visitor, mail, name => sheet.SeeAsync(visitor, name));
            await sheet.KeepAsync(visitor.Page);
        });
    }

    [BrowserFact]
    public async Task So_do_pages_with_a_brand_of_their_own()
    {
        var sheet = new PageSheet("branded-");
        var settings = new Dictionary<string, string?>
        {
            ["Brand:Name"] = "Kestrel & Sons",
            ["Brand:Accent"] = "#b3261e",
            ["Brand:Terms"] = "https://example.com/terms",
            ["Brand:Privacy"] = "https://example.com/privacy",
            ["Brand:Support"] = "mailto:help@example.com",
        };
        await BrowsedPortal.VisitAsync(settings, PageSheet.Options, async visitor =>
        {
            foreach (var (name, path) in ((string, string)[])
                [("home", "/"), ("sign-in", "/sign-in"), ("sign-up", "/sign-up"), ("error-404", "/nowhere")])
            {
                await visitor.OpenAsync(path);
                await sheet.SeeAsync(visitor, name);
            }

            await visitor.SignUpAsync();
            await sheet.SeeAsync(visitor, "account");
            await sheet.KeepAsync(visitor.Page);
        });
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
        foreach (var (name, path) in ((string, string)[])
            [
                ("forgot-password", "/forgot-password"), ("check-mail", "/verify-email/resend"), ("language", "/language"),
                ("reset-over", "/reset-password?token=x"), ("verify-over", "/verify-email?token=x"),
                ("new-address-over", "/change-email?token=x"), ("undo-over", "/undo-email-change?token=x"),
                ("delete-over", "/delete-account?token=x"),
                ("error-404", "/nowhere"),
            ])
        {
            await visitor.OpenAsync(path);
            await see(name);
        }

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
}
