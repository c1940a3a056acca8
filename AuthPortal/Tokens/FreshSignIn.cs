using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// How lately the person must have proved who they are, for an act that a borrowed session must not do (ASVS 7.5.1,
/// RFC 9470).
/// </summary>
internal static class FreshSignIn
{
    /// <summary>As <see cref="AuthErrors.SessionNotFresh"/> tells programs.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    public static bool IsOf(CurrentUser caller, TimeProvider clock) => IsOf(caller, MaxAge, clock);

    /// <param name="maxAge">Another service's demand.</param>
    public static bool IsOf(CurrentUser caller, TimeSpan maxAge, TimeProvider clock) =>
        clock.GetUtcNow() - caller.Session.AuthTime <= maxAge;

    /// <summary>For an endpoint whose request holds no proof of its own.</summary>
    public static RouteHandlerBuilder RequireFreshSignIn(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireAuthorization().Refuses(AuthErrors.SessionNotFresh).AddEndpointFilter(async (context, next) =>
        {
            var clock = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
            return IsOf(CurrentUser.Of(context.HttpContext.User), clock)
                ? await next(context)
                : AuthErrors.SessionNotFresh;
        });
}
