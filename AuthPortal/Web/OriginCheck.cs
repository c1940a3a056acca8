using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>Marks an endpoint whose answer signs somebody in: it wants proof of origin even without a cookie.</summary>
internal sealed class StartsSession;

/// <summary>
/// The API's defence against cross-site request forgery (ASVS 3.5.1): an unsafe method that comes with any cookie
/// needs proof of the page it came from. Pages are guarded by their antiforgery token instead.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next, IOptions<PortalOptions> portal)
{
    /// <summary>What every unsafe call of the API may meet.</summary>
    public static readonly IReadOnlyList<AuthError> Refusals =
        [AuthErrors.InvalidOrigin, AuthErrors.MissingOrNullOrigin, AuthErrors.CrossSiteNavigation];

    private readonly PortalOptions _portal = portal.Value;

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method);
        if (isSafe || !request.Path.StartsWithSegments("/api"))
            return next(context);

        var startsSession = context.GetEndpoint()?.Metadata.GetMetadata<StartsSession>() is not null;
        return Judge(request, startsSession) is { } refusal ? refusal.ExecuteAsync(context) : next(context);
    }

    private AuthError? Judge(HttpRequest request, bool startsSession)
    {
        var hasCookie = request.Headers.Cookie.Count > 0;
        if (!hasCookie && !startsSession)
            return null;

        var origin = OriginOf(request);
        if (origin is not ("" or "null"))
            return _portal.Trusts(origin) ? null : AuthErrors.InvalidOrigin;

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site == "same-origin" || (site == "none" && origin.Length == 0))
            return null;
        if (site == "cross-site" && request.Headers["Sec-Fetch-Mode"] == "navigate")
            return AuthErrors.CrossSiteNavigation;

        // A program brings neither cookie nor origin, and names no site it came from.
        var isProgram = !hasCookie && origin.Length == 0 && site != "cross-site";
        return isProgram ? null : AuthErrors.MissingOrNullOrigin;
    }

    /// <summary>Without an Origin the page that sent it may be named in full (RFC 9110 §10.1.3).</summary>
    private static string OriginOf(HttpRequest request) =>
        request.Headers.Origin.Count == 0
        && Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
            ? OriginText.Of(page)
            : request.Headers.Origin.ToString();
}
