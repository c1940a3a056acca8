using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>What people do on the pages, for tests about something else.</summary>
internal static class Forms
{
    public const string Stale = "This page was open too long; please send it again.";

    /// <returns>The new person's address.</returns>
    public static async Task<string> SignUpAsync(this PlainBrowser browser, string name = "Ada")
    {
        var email = Api.NewEmail();
        await browser.OpenAsync("/sign-up");
        await browser.SubmitAsync("Create account", ("Name", name), ("Email", email), ("Password", Api.Password));
        Assert.Equal("/account", browser.Url.AbsolutePath);
        return email;
    }

    /// <summary>On the form that is open.</summary>
    public static Task SignInAsync(this PlainBrowser browser, string email, string password = Api.Password) =>
        browser.SubmitAsync("Sign in", ("Email", email), ("Password", password));

    public static bool IsSignedIn(this PlainBrowser browser) =>
        browser.Page.QuerySelector("nav form[action='/sign-out']") is not null;
}
