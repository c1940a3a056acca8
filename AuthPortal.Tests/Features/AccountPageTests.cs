using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class AccountPageTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task A_new_name_shows_at_once_and_everywhere()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync("Ada");

        await browser.SubmitAsync("Save profile", ("Name", "  Ada Lovelace "));

        Assert.Equal("Hello, Ada Lovelace", browser.Heading);
        Assert.Contains("Your profile is saved.", browser.Text, StringComparison.Ordinal);
        Assert.Equal("Ada Lovelace", browser.ValueOf("Name"));
        await browser.OpenAsync("/");
        Assert.Equal("Hello, Ada Lovelace", browser.Heading);
    }

    [Fact]
    public async Task A_name_that_will_not_do_is_refused_beside_its_field_and_kept_there()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync("Ada");

        await browser.SubmitAsync("Save profile", ("Name", new string('x', 101)));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.Equal("Enter a name of at most 100 characters.", browser.ProblemOf("Name"));
        Assert.Equal(new string('x', 101), browser.ValueOf("Name"));
        Assert.Equal("Hello, Ada", browser.Heading);

        await browser.SubmitAsync("Save profile", ("Name", ""));
        Assert.Equal("Enter your name.", browser.ProblemOf("Name"));
    }

    [Fact]
    public async Task A_picture_has_an_https_address_or_none()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();

        foreach (var bad in (string[])["javascript:alert(1)", "http://example.com/a.png", "picture"])
        {
            await browser.SubmitAsync("Save profile", ("Picture", bad));
            Assert.StartsWith("Enter a picture's address", browser.ProblemOf("Picture"), StringComparison.Ordinal);
        }

        await browser.SubmitAsync("Save profile", ("Picture", "https://example.com/a.png"));
        Assert.Equal("https://example.com/a.png", browser.ValueOf("Picture"));
        await browser.SubmitAsync("Save profile", ("Picture", ""));
        Assert.Equal("", browser.ValueOf("Picture"));
        Assert.Equal("Ada", browser.ValueOf("Name"));
    }

    [Fact]
    public async Task Sign_out_everywhere_ends_every_session_of_this_person_and_no_other()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        var phone = portal.Browser();
        await phone.OpenAsync("/sign-in");
        await phone.SignInAsync(email);
        var stranger = portal.Browser();
        await stranger.SignUpAsync();

        await browser.SubmitAsync("Sign out everywhere");

        Assert.Equal("/sign-in", browser.Url.AbsolutePath);
        await phone.OpenAsync("/account");
        Assert.Equal("/sign-in", phone.Url.AbsolutePath);
        await stranger.ReloadAsync();
        Assert.Equal("/account", stranger.Url.AbsolutePath);
    }

    [Theory]
    [InlineData("<b>x</b>")]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("' autofocus onfocus='alert(1)")]
    [InlineData("&lt;i&gt;{{7*7}}@Html.Raw(1)")]
    public async Task A_name_that_looks_like_markup_is_text_on_every_page(string name)
    {
        var browser = portal.Browser();
        await browser.SignUpAsync(name);
        Assert.Equal(name, browser.ValueOf("Name"));

        foreach (var path in (string[])["/account", "/"])
        {
            await browser.OpenAsync(path);
            Assert.Equal($"Hello, {name}", browser.Heading);
            Assert.Empty(browser.Page.QuerySelectorAll("script:not([src]), b, i, [onfocus]"));
        }
    }

    /// <summary>Nothing is sent where there is no mail, so nothing is said.</summary>
    [Fact]
    public async Task Where_no_mail_is_sent_nobody_is_asked_to_confirm_an_address()
    {
        var browser = portal.Browser();
        await browser.SignUpAsync();

        Assert.DoesNotContain("Not confirmed yet", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("👩‍🚀 Sally", "👩‍🚀")]
    [InlineData("émile", "É")]
    [InlineData("李", "李")]
    public async Task A_persons_initial_is_a_whole_letter(string name, string initial)
    {
        var browser = portal.Browser();
        await browser.SignUpAsync(name);

        Assert.Equal(initial, browser.Page.QuerySelector(".avatar")!.TextContent);
    }
}
