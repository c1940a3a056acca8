using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

public sealed class SignOutTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    [Fact]
    public async Task An_access_cookie_that_has_become_void_does_not_keep_the_session_from_ending()
    {
        var cookies = await portal.SignInAgainAsync(portal.Ada);
        var spoilt = cookies with { Access = Spoil(cookies.Access!) };
        var http = portal.Stranger();

        var page = await http.GetAsync("/sign-out", spoilt);
        await http.PostAsync("/api/auth/sign-out", spoilt);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode); // there is something to sign out of
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await http.GetAsync("/api/me", new SessionCookies(null, cookies.Refresh))).StatusCode);
    }

    [Theory]
    [InlineData("/sign-in?signedOut=Call%20555-0100")]
    [InlineData("/?error=Call%20555-0100")]
    [InlineData("/?error=%3Cb%3E")]
    public async Task What_a_stranger_writes_into_an_address_is_not_said_by_the_page(string address)
    {
        var browser = portal.Browser();
        await browser.OpenAsync(address);

        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Equal("", browser.Summary);
        Assert.DoesNotContain("555", browser.Text, StringComparison.Ordinal);
    }

    /// <summary>The same token with another signature.</summary>
    private static string Spoil(string token)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{parts[1]}.{new string([.. parts[2].Reverse()])[1..]}A";
    }
}
