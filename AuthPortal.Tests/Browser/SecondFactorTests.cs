using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>The authenticator app as people meet it in Chromium.</summary>
[Trait("Category", "Browser")]
public sealed class SecondFactorTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task It_is_set_up_and_used_with_the_keyboard_alone()
    {
        var visitor = await portal.VisitorAsync();
        var keys = visitor.Page.Keyboard;
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/account/security");
        await visitor.TabToAsync("Set up an authenticator app");
        await keys.PressAsync("Enter");
        await visitor.SeesAsync("Set up an authenticator app");
        var phone = await visitor.PhoneAsync();
        await visitor.TabToAsync("Code");
        await keys.TypeAsync(phone.WrongCode);
        await keys.PressAsync("Enter");
        await visitor.IsToldAsync(AriaRole.Alert);
        await visitor.HasFocusOnAsync("That code is wrong");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await visitor.StandsInAsync("Code");
        await keys.PressAsync("Control+A");
        await keys.TypeAsync(phone.Code);
        await keys.PressAsync("Enter");
        await visitor.SeesAsync("Keep your recovery codes");
        var codes = await visitor.Page.Locator(".codes code").AllTextContentsAsync();

        await visitor.TabToAsync("Sign out");
        await keys.PressAsync("Enter");
        await visitor.StandsInAsync("Email");
        await keys.TypeAsync(visitor.Email);
        await keys.PressAsync("Tab");
        await keys.TypeAsync(Api.Password);
        await keys.PressAsync("Enter");
        await visitor.StandsInAsync("Code");
        await visitor.TabToAsync("Use a recovery code");
        await keys.PressAsync("Enter");
        await visitor.StandsInAsync("Recovery code");
        await keys.TypeAsync(codes[0]);
        await keys.PressAsync("Enter");
        await visitor.SeesAsync("Hello, Ada Lovelace");

        await visitor.Page.GoBackAsync();
        await visitor.SeesAsync("Hello, Ada Lovelace");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task Recovery_codes_are_saved_copied_and_printed_and_not_come_back_to()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();
        await visitor.SetUpPhoneAsync();
        var page = visitor.Page;
        var codes = await page.Locator(".codes code").AllTextContentsAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => visitor.FollowAsync("Save as a file"));
        Assert.Equal("recovery-codes.txt", download.SuggestedFilename);
        var saved = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.All(codes, code => Assert.Contains(code, saved, StringComparison.Ordinal));

        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await visitor.PressAsync("Copy");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Copied.");
        Assert.Equal(string.Join('\n', codes), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await page.EvaluateAsync("window.print = () => { document.title = 'printed'; }");
        await visitor.PressAsync("Print");
        await Assertions.Expect(page).ToHaveTitleAsync("printed");

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.GetByText($"Recovery codes of {visitor.Email}")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(codes[9])).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("header, nav:visible, .actions").First).ToBeHiddenAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Screen });

        await visitor.FollowAsync("Done");
        await visitor.SeesAsync("Security");
        await page.GoBackAsync();
        await visitor.SeesAsync("Authenticator app");
        await page.ReloadAsync();
        await visitor.SeesAsync("Authenticator app");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task All_of_it_works_without_JavaScript()
    {
        var visitor = await portal.VisitorAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visitor.SignUpAsync();
        await visitor.SetUpPhoneAsync();
        var codes = await visitor.Page.Locator(".codes code").AllTextContentsAsync();
        await Assertions.Expect(visitor.Page.GetByText("Copy", new() { Exact = true })).ToBeHiddenAsync();
        var download = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.FollowAsync("Save as a file"));
        Assert.Equal("recovery-codes.txt", download.SuggestedFilename);

        await visitor.PressAsync("Sign out");
        await visitor.SignInAsync();
        await visitor.FollowAsync("Use a recovery code");
        await visitor.FillAsync("Recovery code", codes[3]);
        await visitor.PressAsync("Continue");
        await visitor.SeesAsync("Hello, Ada Lovelace");
        await visitor.OpenAsync("/account/security/authenticator");
        await visitor.PressAsync("Turn it off");
        await visitor.IsToldAsync(AriaRole.Status);
        visitor.HasNothingToComplainOf();
    }
}
