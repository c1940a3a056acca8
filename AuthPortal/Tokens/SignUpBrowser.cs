using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// Knows the browser that signed somebody up, by a signed cookie or by their session. Who confirms an address in it
/// chose the password; who confirms elsewhere may be the victim of one who opened an account on their address.
/// </summary>
internal sealed class SignUpBrowser(OneTimeLinks links, AuthCookies cookies)
{
    /// <summary>As long as the mailed link lives.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>A program keeps no cookie for the browser that will open the mail, and gets none.</summary>
    public void Remember(HttpContext context, UserProfile signedUp)
    {
        if (!context.Request.IsFromBrowser())
            return;
        var held = links.Make(TokenKind.SignUpBrowser, signedUp.Id, signedUp.Email, Lifetime);
        cookies.SetSignUp(context.Response, held, Lifetime);
    }

    public async Task<bool> IsOfAsync(HttpContext context, User user) =>
        CurrentUser.TryOf(context.User)?.Id == user.Id
        || (await links.ReadAsync(cookies.SignUp(context.Request), TokenKind.SignUpBrowser) is { } held
            && held.UserId == user.Id
            && held.Fingerprint == OneTimeLinks.FingerprintOf(user.EmailCanonical));

    public void Forget(HttpContext context)
    {
        if (cookies.SignUp(context.Request) is not null)
            cookies.SetSignUp(context.Response, "", TimeSpan.Zero);
    }
}
