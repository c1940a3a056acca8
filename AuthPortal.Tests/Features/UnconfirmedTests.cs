using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Where mail is sent and an address need not be confirmed, it can be all the same.</summary>
public sealed class UnconfirmedTests(MailedPortal portal) : IClassFixture<MailedPortal>
{
    [Fact]
    public async Task An_address_that_is_not_confirmed_says_so_and_the_letter_that_it_asks_for_confirms_it()
    {
        var browser = portal.Browser();
        var email = await browser.SignUpAsync();
        Assert.Contains("Not confirmed yet", browser.Text, StringComparison.Ordinal);

        await portal.WaitForTheNextMailAsync();
        await browser.SubmitAsync("Send a confirmation link");
        Assert.Equal("Check your mail", browser.Heading);
        Assert.Contains("another link is on its way", browser.Text, StringComparison.Ordinal);

        var mail = await portal.MailToAsync(email);
        Assert.Equal(2, mail.Count);
        await browser.OpenAsync(mail[^1].Link);
        await browser.SubmitAsync("Confirm my address");
        Assert.Equal("/account", browser.Url.AbsolutePath);
        Assert.DoesNotContain("Not confirmed yet", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_letter_does_not_say_that_the_account_is_shut()
    {
        var email = await portal.Browser().SignUpAsync();

        var letter = Assert.Single(await portal.MailToAsync(email)).TextBody.ReplaceLineEndings(" ");

        Assert.Contains("somebody else may be using it", letter, StringComparison.Ordinal);
        Assert.DoesNotContain("without you", letter, StringComparison.Ordinal);
    }
}
