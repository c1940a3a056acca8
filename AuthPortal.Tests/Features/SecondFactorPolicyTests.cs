using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Whoever must have a second factor and has none sets it up before anything else.</summary>
public sealed class SecondFactorPolicyTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task Everybody_is_led_to_set_it_up_and_then_on_to_where_they_were_headed()
    {
        var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var person = await portal.NewPersonAsync();
        var browser = strict.Browser();
        await browser.OpenAsync("/sign-in?returnUrl=/account/activity");
        await browser.SignInAsync(person.Email);
        Assert.Equal("/sign-in/set-up?returnUrl=%2Faccount%2Factivity", browser.Url.PathAndQuery);
        await IsLetInAfterSetUpAsync(browser, "/account/activity");
    }

    [Fact]
    public async Task Whoever_signs_up_is_led_there_too()
    {
        var strict = portal.Sibling(other => other.Settings["SecondFactor:Required"] = "true");
        var browser = strict.Browser();
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync(
            "Create account", ("Name", "Ada"), ("Email", Api.NewEmail()), ("Password", Api.Password));
        Assert.Equal("/sign-in/set-up", browser.Url.PathAndQuery);
        await IsLetInAfterSetUpAsync(browser, "/account");
    }

    [Fact]
    public async Task Where_a_role_demands_it_only_its_holders_are()
    {
        var strict = portal.Sibling(other => other.Settings["SecondFactor:RequiredForRoles:0"] = "admin");
        var (plain, admin) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        await portal.ExecuteAsync("update users set roles = '{admin}' where id = @Id", new { admin.Id });
        var browser = strict.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(plain.Email);
        Assert.Equal("/account", browser.Url.AbsolutePath);

        browser = strict.Browser();
        await browser.OpenAsync("/sign-in");
        await browser.SignInAsync(admin.Email);
        Assert.Equal("/sign-in/set-up", browser.Url.AbsolutePath);
    }

    private async Task IsLetInAfterSetUpAsync(PlainBrowser browser, string onward)
    {
        Assert.False(browser.IsSignedIn());
        var elsewhere = browser.NewTab();
        await elsewhere.OpenAsync("/account/security");
        Assert.Equal("/sign-in", elsewhere.Url.AbsolutePath);

        var phone = Phone.SetUpFrom(browser, portal.Time);
        await browser.SubmitAsync("Turn it on", ("Code", phone.WrongCode));
        Assert.StartsWith("That code is wrong", browser.ProblemOf("Code"), StringComparison.Ordinal);
        await browser.SubmitAsync("Turn it on", ("Code", phone.Code));
        Assert.Equal(10, browser.Page.QuerySelectorAll(".codes code").Length);
        await browser.FollowAsync("Continue");
        Assert.Equal(onward, browser.Url.PathAndQuery);
        Assert.True(browser.IsSignedIn());
    }
}
