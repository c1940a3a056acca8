using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using AuthPortal.Users;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>One kind of mailed link: how somebody comes by it, uses it, and goes on when it is refused.</summary>
/// <param name="Page">The page that it opens.</param>
/// <param name="Button">What that page's form is sent by.</param>
/// <param name="WayOn">The link that a refusal offers, and where it leads.</param>
/// <param name="Lifetime">After it the link is refused.</param>
/// <param name="Fields">What else the form asks for.</param>
/// <param name="Text">What its fingerprint is of, for somebody's row.</param>
internal sealed record LinkKind(
    TokenKind Kind,
    string Page,
    string Button,
    (string Words, string Path) WayOn,
    TimeSpan Lifetime,
    (string Label, string Value)[] Fields,
    Func<User, string> Text)
{
    public const string NewPassword = "staple battery horse";

    /// <summary>Every kind there is: whatever <see cref="TokenKind"/> names, less what no mail holds.</summary>
    public static readonly IReadOnlyDictionary<string, LinkKind> All = new Dictionary<string, LinkKind>
    {
        [nameof(TokenKind.EmailVerification)] = new(
            TokenKind.EmailVerification, "/verify-email", "Confirm my address",
            ("Get a new link", "/verify-email/resend"), TimeSpan.FromHours(24), [("Password", Api.Password)],
            user => user.EmailCanonical),
        [nameof(TokenKind.PasswordReset)] = new(
            TokenKind.PasswordReset, "/reset-password", "Set password",
            ("Get a new link", "/forgot-password"), TimeSpan.FromHours(1), [("New password", NewPassword)],
            user => $"{user.PasswordId}"),
        [nameof(TokenKind.EmailChange)] = new(
            TokenKind.EmailChange, "/change-email", "Confirm this address",
            ("Ask for a new link", "/sign-in"), TimeSpan.FromHours(24), [("Password", Api.Password)],
            OwnUserStore.EmailChangeText),
        [nameof(TokenKind.EmailChangeUndo)] = new(
            TokenKind.EmailChangeUndo, "/undo-email-change", "Undo the change",
            ("Go on to sign in", "/sign-in"), TimeSpan.FromHours(72), [], user => user.EmailCanonical),
        [nameof(TokenKind.FactorUndo)] = new(
            TokenKind.FactorUndo, "/undo-factor", "Remove it",
            ("Go on to sign in", "/sign-in"), TimeSpan.FromHours(72), [],
            user => $"authenticator {user.CreatedAt.ToUnixTimeMilliseconds()}"),
        [nameof(TokenKind.AccountDeletion)] = new(
            TokenKind.AccountDeletion, "/delete-account", "Delete my account",
            ("Ask again", "/sign-in"), TimeSpan.FromHours(1), [], ErasureStore.DeletionText),
    };

    /// <summary>Has the portal mail it to somebody.</summary>
    public async Task<string> MailAsync(Portal portal, Person person)
    {
        var http = portal.Stranger();
        switch (Kind.Type)
        {
            case "verify-email+jwt":
                return (await portal.MailToAsync(person.Email))[0].Link;
            case "reset-password+jwt":
                await http.PostAsync("/api/auth/request-password-reset", new { email = person.Email });
                return (await portal.MailToAsync(person.Email))[^1].Link;
            case "change-email+jwt":
            case "undo-email-change+jwt":
                var newEmail = Api.NewEmail();
                await http.SendAsync(HttpMethod.Post, "/api/auth/change-email", person.AccessToken, new { newEmail });
                var change = Assert.Single(await portal.MailToAsync(newEmail)).Link;
                if (Kind == TokenKind.EmailChange)
                    return change;
                await UseAsync(portal.Browser(), change, All[nameof(TokenKind.EmailChange)]);
                return (await portal.MailToAsync(person.Email))[^1].Link;
            case "undo-factor+jwt":
                await person.Http.SignInAsync(person.Email);
                (await person.Http.RegisterAsync(new SoftwareAuthenticator())).EnsureSuccessStatusCode();
                return (await portal.MailToAsync(person.Email))[^1].Link;
            default:
                await http.SendAsync(HttpMethod.Post, "/api/auth/delete-user", person.AccessToken, new { });
                return (await portal.MailToAsync(person.Email))[^1].Link;
        }
    }

    /// <summary>Opens it in that browser and presses the button.</summary>
    public Task UseAsync(PlainBrowser browser, string link) => UseAsync(browser, link, this);

    /// <summary>Whether the page that is shown says that it was done.</summary>
    public static bool IsDone(PlainBrowser browser) =>
        browser.Status == HttpStatusCode.OK && browser.Summary.Length == 0;

    /// <summary>Asserts that the page refuses in words and offers the way on.</summary>
    /// <param name="wayOn">The way on that was followed before: the same one is not followed again.</param>
    /// <returns>The address of the way on, which leads to <see cref="WayOn"/>'s path.</returns>
    public async Task<string> RefusedAsync(PlainBrowser browser, string? wayOn = null)
    {
        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.StartsWith("This link no longer works:", browser.Summary, StringComparison.Ordinal);
        var offered = browser.Page.QuerySelectorAll("a").Single(a => a.TextContent.Trim() == WayOn.Words)
            .GetAttribute("href")!;
        if (offered == wayOn)
            return wayOn;
        await browser.FollowAsync(WayOn.Words);
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Equal(WayOn.Path, browser.Url.AbsolutePath);
        return offered;
    }

    public static string TokenOf(string link) => link.Split("token=")[1].Split('&')[0];

    private static async Task UseAsync(PlainBrowser browser, string link, LinkKind kind)
    {
        await browser.OpenAsync(link);
        await browser.SubmitAsync(kind.Button, kind.Fields);
    }
}
