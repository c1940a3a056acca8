using AuthPortal.Tokens;
using AuthPortal.Web;

namespace AuthPortal.Features.Sessions;

/// <summary>
/// Signing out on one device: the session ends everywhere it was copied to, not only in this browser.
/// </summary>
internal sealed class SignOutService(
    SessionRenewal renewal, SessionEnder ender, RevocationSet revoked, AuthCookies cookies)
{
    /// <summary>Ends what the request came with, by header or by cookie, if anything; clears the cookies.</summary>
    public async Task SignOutAsync(HttpContext context, CancellationToken ct)
    {
        var session = CurrentUser.TryOf(context.User)?.Session ?? await RememberedAsync(context.Request);
        if (session is not null && !revoked.Holds(session.Id, session.UserId, session.Version))
            await ender.EndAsync(session, Client.Of(context), ct);
        cookies.Clear(context.Response);
    }

    /// <summary>The access cookie may be gone while the refresh cookie, which counts, is not.</summary>
    private async Task<Session?> RememberedAsync(HttpRequest request)
    {
        var isCookie = request.Headers.Authorization.Count == 0;
        return isCookie && cookies.Refresh(request) is { } refresh ? await renewal.ReadAsync(refresh) : null;
    }
}
