using AuthPortal.Keys;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tokens;

/// <summary>
/// Writes and signs tokens. Whether somebody may have one is decided elsewhere: <see cref="SessionIssuer"/>.
/// </summary>
internal sealed class TokenIssuer(
    KeyRing keys, TokenRules rules, IOptions<PortalOptions> portal, IOptions<TokenOptions> options, TimeProvider clock)
{
    /// <summary>Browsers drop a cookie of over 4,096 bytes, name included, without a word (RFC 6265bis §5.5).</summary>
    private const int LongestInCookie = 3_900;

    private readonly string _issuer = portal.Value.PublicUrl;

    /// <summary>A session that starts now, and how long it may last.</summary>
    public Session Begin(User user, IReadOnlyList<string> methods, bool remember)
    {
        var now = clock.GetUtcNow();
        var lifetime = remember ? options.Value.SessionLifetime : options.Value.BriefSessionLifetime;
        return new Session(
            Guid.CreateVersion7(now), user.Id, user.SessionVersion, now, methods, remember, now + lifetime);
    }

    /// <summary>A new access token, with its own <c>jti</c>.</summary>
    /// <param name="notAfter">A token made from another without asking the database must not outlive it.</param>
    public IssuedToken Access(Identity person, Session session, DateTimeOffset? notAfter = null)
    {
        var now = Now();
        var end = Earliest(now + options.Value.AccessLifetime, session.End, notAfter ?? DateTimeOffset.MaxValue);
        var profile = person.Profile;
        var claims = CommonClaims(session);
        claims["email"] = profile.Email;
        claims["email_verified"] = profile.EmailVerified;
        claims["name"] = profile.Name;
        claims["created_at"] = Seconds(profile.CreatedAt);
        claims["updated_at"] = Seconds(profile.UpdatedAt);
        claims["roles"] = person.Roles.ToArray();
        if (profile.TwoFactorEnabled)
            claims["two_factor_enabled"] = true;
        if (profile.Image is not null)
            claims["picture"] = profile.Image;
        if (options.Value.BetterAuthClaims)
            AddBetterAuthClaims(claims, profile);

        var token = Sign(keys.AccessSigning, TokenKind.AccessType, rules.AccessAudiences, claims, now, end);
        return token.Value.Length <= LongestInCookie ? token : SignWithoutPicture(claims, now, end);
    }

    /// <summary>The one long claim, and none that anything is decided by: rather that than a lost session.</summary>
    private IssuedToken SignWithoutPicture(Dictionary<string, object> claims, DateTimeOffset now, DateTimeOffset end)
    {
        claims.Remove("picture");
        claims.Remove("image");
        return Sign(keys.AccessSigning, TokenKind.AccessType, rules.AccessAudiences, claims, now, end);
    }

    /// <summary>A new refresh token: only the portal reads it, so it says nothing of the person.</summary>
    public IssuedToken Refresh(Session session)
    {
        var now = Now();
        var claims = CommonClaims(session);
        claims["persistent"] = session.Persistent;
        var kind = TokenKind.Refresh;
        var end = Earliest(now + options.Value.RefreshLifetime, session.End);
        return Sign(keys.Signing(kind.Purpose), kind.Type, [_issuer + kind.Audience], claims, now, end);
    }

    private static Dictionary<string, object> CommonClaims(Session session) => new()
    {
        ["sub"] = session.UserId.ToString(),
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["sid"] = session.Id.ToString(),
        ["ver"] = session.Version,
        ["auth_time"] = session.AuthTime.ToUnixTimeSeconds(),
        ["session_end"] = session.End.ToUnixTimeSeconds(),
        ["amr"] = session.Methods.ToArray(),
    };

    private static void AddBetterAuthClaims(Dictionary<string, object> claims, UserProfile profile)
    {
        claims["id"] = profile.Id.ToString();
        claims["emailVerified"] = profile.EmailVerified;
        claims["image"] = profile.Image!;
        claims["createdAt"] = PortalJson.Date(profile.CreatedAt);
        claims["updatedAt"] = PortalJson.Date(profile.UpdatedAt);
    }

    private IssuedToken Sign(
        SigningCredentials credentials,
        string type,
        IReadOnlyList<string> audiences,
        Dictionary<string, object> claims,
        DateTimeOffset now,
        DateTimeOffset end)
    {
        claims["aud"] = audiences.Count == 1 ? audiences[0] : audiences.ToArray();
        var token = StrictTokenHandler.Instance.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _issuer,
            TokenType = type,
            IssuedAt = now.UtcDateTime,
            NotBefore = type == TokenKind.AccessType ? now.UtcDateTime : null,
            Expires = end.UtcDateTime,
            Claims = claims,
            SigningCredentials = credentials,
        });
        return new IssuedToken(token, end);
    }

    /// <summary>
    /// Whole seconds, as <c>iat</c> is written, so that what we answer and what the token says agree.
    /// </summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>
    /// A NumericDate to the millisecond: RFC 7519 §2 allows fractions, and the profile's dates have them.
    /// </summary>
    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;

    private static DateTimeOffset Earliest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var earliest = times[0];
        foreach (var time in times)
            earliest = time < earliest ? time : earliest;
        return earliest;
    }
}
