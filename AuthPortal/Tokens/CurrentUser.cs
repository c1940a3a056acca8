using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>The caller, as the access token alone tells: no database was asked.</summary>
internal sealed record CurrentUser(Identity Person, Session Session, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    public Guid Id => Session.UserId;

    public UserProfile Profile => Person.Profile;

    // A request asks several times, and a verified token's identity serves many requests.
    private static readonly ConditionalWeakTable<ClaimsIdentity, CurrentUser> Callers = [];

    /// <returns>Null for somebody who is not signed in; for one identity always the same.</returns>
    public static CurrentUser? TryOf(ClaimsPrincipal principal) =>
        principal.Identity is ClaimsIdentity { IsAuthenticated: true } identity
            ? Callers.GetValue(identity, static of => Read(new Claims(of)))
            : null;

    /// <summary>For endpoints and pages that demand authentication.</summary>
    public static CurrentUser Of(ClaimsPrincipal principal) =>
        TryOf(principal) ?? throw new InvalidOperationException("This endpoint lets anonymous callers in.");

    /// <summary>Lets endpoints take the caller as a parameter.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => new(TryOf(context.User));

    /// <summary>Marks an endpoint whose handler takes the caller as a parameter.</summary>
    public static void MarkEndpoint(EndpointBuilder endpoint)
    {
        var handler = endpoint.Metadata.OfType<MethodInfo>().FirstOrDefault();
        if (handler is not null && handler.GetParameters().Any(p => p.ParameterType == typeof(CurrentUser)))
            endpoint.Metadata.Add(new IsAsked());
    }

    private static CurrentUser Read(Claims claims)
    {
        var id = Guid.Parse(claims["sub"]);
        var profile = new UserProfile(
            id,
            claims["name"],
            claims["email"],
            bool.Parse(claims["email_verified"]),
            claims.Find("picture"),
            claims.Time("created_at"),
            claims.Time("updated_at"))
        {
            TwoFactorEnabled = claims.Find("two_factor_enabled") is "true",
        };
        var end = claims.Time("session_end");
        var session = new Session(
            Guid.Parse(claims["sid"]),
            id,
            int.Parse(claims["ver"], CultureInfo.InvariantCulture),
            claims.Time("auth_time"),
            claims.All("amr"),
            Persistent: false, // only the refresh token says; whoever sets cookies asks that
            end);
        return new CurrentUser(
            new Identity(profile, claims.All("roles")), session, claims.Time("iat"), claims.Time("exp"));
    }

    /// <summary>Of an endpoint that takes the caller as a parameter.</summary>
    private sealed class IsAsked : ILooksAtCaller;

    private readonly struct Claims(ClaimsIdentity identity)
    {
        public string this[string name] =>
            Find(name) ?? throw new InvalidOperationException($"A validated token lacks {name}.");

        public string? Find(string name) => identity.FindFirst(name)?.Value;

        public string[] All(string name) => [.. identity.FindAll(name).Select(c => c.Value)];

        /// <summary>A NumericDate (RFC 7519 §2), to the millisecond.</summary>
        public DateTimeOffset Time(string name) => DateTimeOffset.FromUnixTimeMilliseconds(
            (long)Math.Round(decimal.Parse(this[name], NumberStyles.Float, CultureInfo.InvariantCulture) * 1000));
    }
}
