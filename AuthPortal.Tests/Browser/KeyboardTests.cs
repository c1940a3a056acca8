using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Browser;

[Trait("Category", "Browser")]
public sealed class KeyboardTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    [BrowserFact]
    public async Task Everything_can_be_done_with_the_keyboard_alone()
    {
        var visitor = await portal.VisitorAsync();
        var keys = visitor.Page.Keyboard;
        await visitor.OpenAsync("/");
        await visitor.TabToAsync("Create an account");
        await keys.PressAsync("Enter");
        await visitor.SeesAsync("Create an account");

        await visitor.StandsInAsync("Name");
        await keys.TypeAsync("Ada");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(visitor.Email);
        await keys.PressAsync("Tab");
        await keys.TypeAsync(Api.Password);
        await visitor.TabToAsync("Keep me signed in on this device");
        await keys.PressAsync("Space");
        await visitor.TabToAsync("Create account");
        await keys.PressAsync("Space");
        await visitor.SeesAsync("Hello, Ada");

        await visitor.TabToAsync("Sign out");
        await keys.PressAsync("Enter");
        await visitor.StandsInAsync("Email");
        await keys.TypeAsync(visitor.Email);
        await keys.PressAsync("Tab");
        await keys.TypeAsync(Api.Password);
        await keys.PressAsync("Enter");
        await visitor.SeesAsync("Hello, Ada");
        visitor.HasNothingToComplainOf();
    }

    [BrowserFact]
    public async Task The_first_stop_skips_what_every_page_repeats()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();

        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.HasFocusOnAsync("Skip to content");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Page.Keyboard.PressAsync("Tab");
        Assert.True(await visitor.Page.EvaluateAsync<bool>("document.activeElement.closest('main') !== null"));
    }

    [BrowserFact]
    public async Task Whatever_has_the_focus_shows_it_and_is_large_enough_to_hit()
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();
        foreach (var path in (string[])["/account", "/", "/sign-out"])
        {
            await visitor.OpenAsync(path);
            var seen = new HashSet<string>();
            while (true)
            {
                await visitor.Page.Keyboard.PressAsync("Tab");
                var name = await visitor.FocusedAsync();
                if (!seen.Add(name) || seen.Count > 50)
                    break;
                Assert.True(await visitor.Page.EvaluateAsync<bool>(OutlineShows), $"{name} on {path} has no outline");
                if (!await visitor.Page.EvaluateAsync<bool>("document.activeElement.matches('p:not(.actions) a')"))
                {
                    var height = await visitor.Page.EvaluateAsync<double>(
                        "document.activeElement.getBoundingClientRect().height");
                    Assert.True(height >= 44, $"{name} on {path} is {height} px high");
                }
            }

            Assert.True(seen.Count > 4, path);
        }
    }

    private const string OutlineShows = """
        (() => {
            if (document.activeElement === document.body) return true;
            const style = getComputedStyle(document.activeElement);
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        })()
        """;
}
