using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>
/// Writes a session into an answer to a program or a script: cookies, a token for the body, and, for programs alone,
/// the refresh token. What a body or header holds is minted apart, so that no cookie's value can be read by a script.
/// </summary>
internal sealed class SessionWriter(
    AuthCookies cookies,
    TokenIssuer tokens,
    SessionIssuer sessions,
    SessionRenewal renewal,
    BrowserSession browser,
    IOptions<TokenOptions> options)
{
    /// <returns>An access token for the body; null where something is missing, which a cookie waits for.</returns>
    public async Task<string?> StartAsync(HttpContext context, Admission admission)
    {
        if (admission.Session is { } issued)
            return await StartAsync(context, issued);
        browser.Await(context, admission.Pending!);
        return null;
    }

    /// <returns>An access token for the body.</returns>
    public async Task<string> StartAsync(HttpContext context, IssuedSession issued)
    {
        await browser.StartAsync(context, issued);
        return HandOver(context, issued);
    }

    /// <summary>Brings what the caller holds up to date after their profile changed.</summary>
    public async Task ContinueAsync(HttpContext context, CurrentUser caller, User user)
    {
        if (await HeldInCookieAsync(context.Request, caller) is { } session
            && sessions.Renew(user, session) is { } issued)
        {
            cookies.Set(context.Response, issued);
        }

        var token = tokens.Access(Identity.Of(user), caller.Session, notAfter: caller.ExpiresAt);
        context.Response.Headers["set-auth-jwt"] = token.Value;
    }

    /// <summary>
    /// A new pair for a session that goes on while its own change has ended the others: same <c>sid</c>, the version
    /// that the change raised. Only for a change whose statement compared the caller's version.
    /// </summary>
    /// <param name="proved">What that change proved besides.</param>
    /// <returns>
    /// An access token for the body; null where the session lacks what is asked for now, which ends it as well.
    /// </returns>
    public async Task<string?> GoOnAloneAsync(
        HttpContext context, CurrentUser caller, User user, Proofs proved = Proofs.None)
    {
        var held = await HeldInCookieAsync(context.Request, caller) ?? caller.Session;
        var methods = (Proofs.OfAmr(held.Methods) | proved).ToAmr();
        var isCookie = context.Request.Headers.Authorization.Count == 0;
        if (sessions.Renew(user, held with { Version = user.SessionVersion, Methods = methods }) is not { } issued)
        {
            if (isCookie)
                cookies.Clear(context.Response);
            return null;
        }

        if (isCookie)
            await browser.StartAsync(context, issued);
        return HandOver(context, issued);
    }

    /// <summary>The refresh cookie alone knows whether the session is to be remembered.</summary>
    /// <returns>The caller's session; null where they hold none in a cookie.</returns>
    public async Task<Session?> HeldInCookieAsync(HttpRequest request, CurrentUser caller)
    {
        var refresh = request.Headers.Authorization.Count == 0 ? cookies.Refresh(request) : null;
        return refresh is not null && await renewal.ReadAsync(refresh) is { } session
            && session.Id == caller.Session.Id ? session : null;
    }

    private string HandOver(HttpContext context, IssuedSession issued)
    {
        if (MayHoldRefreshToken(context.Request))
            context.Response.Headers["set-auth-token"] = tokens.Refresh(issued.Session).Value;
        return tokens.Access(issued.Person, issued.Session).Value;
    }

    private bool MayHoldRefreshToken(HttpRequest request) =>
        !request.IsFromBrowser() || (options.Value.ExposeRefreshToken && request.Headers.Origin.Count > 0);
}
