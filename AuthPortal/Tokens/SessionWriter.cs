using AuthPortal.Users;
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
    IOptions<TokenOptions> options)
{
    /// <returns>An access token for the body.</returns>
    public string Start(HttpContext context, IssuedSession issued)
    {
        cookies.Set(context.Response, issued);
        if (MayHoldRefreshToken(context.Request))
            context.Response.Headers["set-auth-token"] = tokens.Refresh(issued.Session).Value;
        return tokens.Access(issued.Person, issued.Session).Value;
    }

    /// <summary>Brings what the caller holds up to date after their profile changed.</summary>
    public async Task ContinueAsync(HttpContext context, CurrentUser caller, User user)
    {
        var isCookie = context.Request.Headers.Authorization.Count == 0;
        var refresh = isCookie ? cookies.Refresh(context.Request) : null;
        if (refresh is not null && await renewal.ReadAsync(refresh) is { } session && session.Id == caller.Session.Id)
            cookies.Set(context.Response, sessions.Continue(user, session));

        var token = tokens.Access(Identity.Of(user), caller.Session, notAfter: caller.ExpiresAt);
        context.Response.Headers["set-auth-jwt"] = token.Value;
    }

    /// <summary>An access token for the body or a header, living no longer than the one the caller came with.</summary>
    public string Copy(CurrentUser caller) =>
        tokens.Access(caller.Person, caller.Session, notAfter: caller.ExpiresAt).Value;

    private bool MayHoldRefreshToken(HttpRequest request) =>
        !IsBrowser(request) || (options.Value.ExposeRefreshToken && request.Headers.Origin.Count > 0);

    // Every browser says Sec-Fetch-Site, but for Safari before 16.4, and no program does (node's fetch sends
    // Sec-Fetch-Mode alone). Every browser calls itself Mozilla.
    private static bool IsBrowser(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].Count > 0
        || request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal);
}
