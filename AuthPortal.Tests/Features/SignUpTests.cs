using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class SignUpTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task A_new_person_signs_up_and_lands_on_the_account_page()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/");
        await browser.FollowAsync("Create an account");

        await browser.SubmitAsync(
            "Create account", ("Name", "Ada"), ("Email", "Ada@Example.com"), ("Password", Api.Password));

        Assert.Equal("/account", browser.Url.AbsolutePath);
        Assert.Equal("Hello, Ada", browser.Heading);
        await browser.ReloadAsync();
        Assert.Equal("Hello, Ada", browser.Heading);
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost_but_the_password()
    {
        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account", ("Name", "Ada"), ("Email", "not-an-address"), ("Password", "short"));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("Enter an email address, such as ada@example.com.", browser.ProblemOf("Email"));
        Assert.Equal("Ada", browser.ValueOf("Name"));
        Assert.Equal("not-an-address", browser.ValueOf("Email"));
        Assert.Equal("", browser.ValueOf("Password"));
    }
}
