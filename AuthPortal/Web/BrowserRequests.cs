namespace AuthPortal.Web;

/// <summary>Tells browsers, which keep cookies, from programs. Anybody can pretend: no right may hang on it.</summary>
internal static class BrowserRequests
{
    // Every browser says Sec-Fetch-Site, but for Safari before 16.4, and no program does (node's fetch sends
    // Sec-Fetch-Mode alone). Every browser calls itself Mozilla.
    public static bool IsFromBrowser(this HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].Count > 0
        || request.Headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal);

    /// <summary>Whether a link or a form of our own led here, and no other site, mail or typed address.</summary>
    public static bool IsFromOwnPage(this HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "same-origin";
}
