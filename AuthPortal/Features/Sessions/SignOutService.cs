using AuthPortal.Tokens;
using AuthPortal.Web;

namespace AuthPortal.Features.Sessions;

/// <summary>
/// Signing out on one device: the session ends everywhere it was copied to, not only in this browser.
/// </summary>
internal sealed class SignOutService(
    SessionRenewal renewal, SessionEnder ender, RevocationSet revoked, AuthCookies cookies)
{
    /// <summary>The session the request came with, by header or by cookie; null where there is none to end.</summary>
    public async Task<Session?> FindAsync(HttpContext context)
    {
        var session = CurrentUser.TryOf(context.User)?.Session ?? await RememberedAsync(context.Request);
        return session is null || revoked.Holds(session.Id, session.UserId, session.Version) ? null : session;
    }

    /// <summary>Ends it, if there is one, and clears the cookies.</summary>
    public async Task SignOutAsync(HttpContext context, CancellationToken ct)
    {
        if (await FindAsync(context) is { } session)
            await ender.EndAsync(session, Client.Of(context), ct);
        cookies.Clear(context.Response);
    }

    /// <summary>The access cookie may be gone or void while the refresh cookie, which counts, is not.</summary>
    private async Task<Session?> RememberedAsync(HttpRequest request)
    {
        var isCookie = request.Headers.Authorization.Count == 0;
        return isCookie && cookies.Refresh(request) is { } refresh ? await renewal.ReadAsync(refresh) : null;
    }
}
