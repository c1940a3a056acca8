using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>Deque's axe finds nothing wrong with the pages that let people in, in both themes.</summary>
[Trait("Category", "Browser")]
public abstract class AxeTests
{
    /// <summary>axe is put into the page by a script that the portal's policy forbids.</summary>
    protected static BrowserNewContextOptions Options => new() { BypassCSP = true };

    private protected static Task IsCleanAsync(Visitor visitor) => PageSheet.IsAccessibleAsync(visitor, visitor.Path);
}

/// <summary>The pages that anybody can open, and those of an account without a second factor.</summary>
public sealed class AxeSignInTests(BrowsedPortal portal) : AxeTests, IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task Axe_finds_nothing_wrong_with_signing_up_and_setting_up_an_authenticator()
    {
        var visitor = await portal.VisitorAsync(Options);
        await visitor.OpenAsync("/sign-in");
        await IsCleanAsync(visitor);
        await visitor.OpenAsync("/sign-up");
        await IsCleanAsync(visitor);
        await visitor.PressAsync("Create account");
        await visitor.SignUpAsync();
        await visitor.OpenAsync("/account/security");
        await IsCleanAsync(visitor);
        await visitor.OpenAsync("/step-up?max_age=0");
        await IsCleanAsync(visitor);

        await visitor.OpenAsync("/account/security/authenticator");
        await IsCleanAsync(visitor);
        await visitor.FillAsync("Code", "no");
        await visitor.PressAsync("Turn it on");
        await visitor.IsToldAsync(AriaRole.Alert);
        await IsCleanAsync(visitor);
        await visitor.SetUpPhoneAsync();
        await IsCleanAsync(visitor);
    }
}

/// <summary>The pages of an account with an authenticator app.</summary>
public sealed class AxeSecondFactorTests(BrowsedPortal portal) : AxeTests, IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task Axe_finds_nothing_wrong_with_signing_in_by_code()
    {
        var visitor = await portal.VisitorAsync(Options);
        await visitor.SignUpAsync();
        await visitor.SetUpPhoneAsync();
        foreach (var path in (string[])["/account/security/authenticator", "/account/security"])
        {
            await visitor.OpenAsync(path);
            await IsCleanAsync(visitor);
        }

        await visitor.PressAsync("Sign out");
        await visitor.SignInAsync();
        await visitor.SeesAsync("Enter your code");
        await IsCleanAsync(visitor);
        await visitor.FillAsync("Code", "no");
        await visitor.PressAsync("Continue");
        await visitor.IsToldAsync(AriaRole.Alert);
        await IsCleanAsync(visitor);
        await visitor.FollowAsync("Use a recovery code");
        await visitor.SeesAsync("Use a recovery code");
        await IsCleanAsync(visitor);
    }

    [BrowserFact]
    public Task Axe_finds_nothing_wrong_where_a_second_factor_is_demanded() => BrowsedPortal.VisitAsync(
        new() { ["SecondFactor:Required"] = "true" },
        Options,
        async visitor =>
        {
            await visitor.SignUpAsync(heading: "Set up a second factor");
            await IsCleanAsync(visitor);
            await visitor.FillAsync("Code", "no");
            await visitor.PressAsync("Turn it on");
            await visitor.IsToldAsync(AriaRole.Alert);
            await IsCleanAsync(visitor);
            await visitor.ConfirmPhoneAsync();
            await IsCleanAsync(visitor);
        });
}
