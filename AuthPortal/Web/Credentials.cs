namespace AuthPortal.Web;

/// <summary>Metadata of an endpoint that looks at who calls, and lets anybody in all the same.</summary>
internal interface ILooksAtCaller;

/// <summary>
/// A cookie that an endpoint takes besides a Bearer header, for the API's document. Where none is named it is
/// <see cref="Access"/>.
/// </summary>
/// <param name="Scheme">The name of its security scheme.</param>
/// <param name="Cookie">As <see cref="PortalOptions.CookieName"/> takes it.</param>
internal sealed record CookieCredential(string Scheme, string Cookie, string Description) : ILooksAtCaller
{
    public static readonly CookieCredential Access = new(
        "cookie",
        "access",
        "A browser's session: HttpOnly, set by signing in and renewed in place. An unsafe call with any cookie needs "
            + "an Origin that the portal trusts.");

    public static readonly CookieCredential Refresh = new(
        "refreshCookie", "refresh", "What a browser's session is renewed by; it opens nothing else.");

    public static readonly CookieCredential Pending = new(
        "pendingCookie",
        "pending",
        "A sign-in that waits for a second factor: set for five minutes where an answer says twoFactorRedirect.");

    public static readonly IReadOnlyList<CookieCredential> All = [Access, Refresh, Pending];
}
