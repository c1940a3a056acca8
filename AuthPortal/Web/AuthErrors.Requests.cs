using AuthPortal.Languages;

namespace AuthPortal.Web;

/// <summary>What is refused whatever it was for: the request itself, or the time it came at.</summary>
internal static partial class AuthErrors
{
    /// <summary>The hashing queue is full; see <c>Passwords</c>.</summary>
    public static readonly AuthError TooBusy = new(503, "TOO_BUSY",
        "Too many people are signing in right now. Please try again in a few seconds.", TimeSpan.FromSeconds(2));

    /// <summary>Too many tries; in Better Auth's words.</summary>
    public static AuthError TooManyRequests(TimeSpan wait) => new(429, "TOO_MANY_REQUESTS",
        "Too many requests. Please try again later.", wait)
    {
        Advice = new Phrase("Too many tries. Please wait {0}, then try again.", InWords(wait)),
    };

    /// <summary>Too many wrong ones; said alike whether there is such an account or not.</summary>
    public static AuthError TooManyPasswords(TimeSpan wait) => TooManyRequests(wait) with
    {
        Advice = new Phrase(
            "Too many wrong passwords were given for this account. Please wait {0}, or choose a new password with "
                + "\"Forgot your password?\": then you can sign in at once.",
            InWords(wait)),
    };

    // The request itself.
    public static readonly AuthError NotFound = new(404, "NOT_FOUND", "Not found");

    public static readonly AuthError InvalidOrigin = new(403, "INVALID_ORIGIN", "Invalid origin")
    {
        Advice = "This request came from a page the portal does not trust. List its origin in Portal:TrustedOrigins.",
    };

    public static readonly AuthError MissingOrNullOrigin =
        new(403, "MISSING_OR_NULL_ORIGIN", "Missing or null Origin")
        {
            Advice = "A request that brings a cookie must say which page sent it. Send an Origin header, or send the "
                + "token in an Authorization header and no cookie.",
        };

    public static readonly AuthError CrossSiteNavigation = new(403, "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
        "Cross-site navigation login blocked. This request appears to be a CSRF attack.");

    public static readonly AuthError InvalidCallbackUrl = new(403, "INVALID_CALLBACK_URL", "Invalid callbackURL")
    {
        Advice = "callbackURL must be a path on this portal, or lie on an origin in Portal:TrustedOrigins.",
    };

    public static readonly AuthError InvalidJson = new(400, "BAD_REQUEST", "Invalid JSON in request body");

    public static readonly AuthError BadRequest =
        new(400, "BAD_REQUEST", "The request could not be understood.");

    public static readonly AuthError BodyTooLarge =
        new(413, "PAYLOAD_TOO_LARGE", "The request body is larger than 16 KB.");

    public static AuthError Validation(IEnumerable<string> problems) =>
        new(400, "VALIDATION_ERROR", string.Join("; ", problems));

    public static AuthError UnsupportedMediaType(string contentType) => new(415, "UNSUPPORTED_MEDIA_TYPE",
        $"Content-Type \"{contentType}\" is not allowed. Allowed types: application/json");

    // The portal's own bad days.
    public static readonly AuthError DatabaseUnavailable = new(503, "DATABASE_UNAVAILABLE",
        "The portal can't reach its database right now. Please try again in a moment.", TimeSpan.FromSeconds(5));

    public static readonly AuthError Unexpected = new(500, "INTERNAL_SERVER_ERROR",
        "Something went wrong on our side. Please try again.");

    private static Phrase InWords(TimeSpan wait) => Math.Ceiling(wait.TotalSeconds) switch
    {
        <= 1 => "a second",
        <= 90 and var seconds => new Phrase("{0} seconds", seconds),
        var seconds => new Phrase("{0} minutes", Math.Ceiling(seconds / 60)),
    };
}
