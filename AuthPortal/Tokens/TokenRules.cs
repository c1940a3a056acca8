using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tokens;

/// <summary>
/// The one place that says what a valid token is, and the one handler that judges it. Nothing is left to the
/// library's defaults, which accept a token expired five minutes ago, of any type, with an unknown <c>crit</c>.
/// </summary>
internal sealed class TokenRules(
    KeyRing keys, IOptions<PortalOptions> portal, IOptions<TokenOptions> options, TimeProvider clock)
{
    private readonly string _issuer = portal.Value.PublicUrl;

    public IReadOnlyList<string> AccessAudiences { get; } =
        options.Value.Audiences is { Count: > 0 } listed ? [.. listed] : [portal.Value.PublicUrl];

    public TokenValidationParameters Access()
    {
        var rules = Common(TokenKind.AccessType, AccessAudiences, TokenKind.AccessClaims);

        // Nor one that was made to live longer, by us before a change or by a service that shares the secret: a
        // revocation is remembered for no longer than this.
        var longest = options.Value.AccessLifetime + TokenOptions.ClockSkew;
        rules.LifetimeValidator = (notBefore, expires, token, _) =>
            IsCurrent(notBefore, expires, token) && Now() < ((JsonWebToken)token).IssuedAt + longest;
        rules.ValidAlgorithms = [keys.AccessAlgorithm];
        rules.IssuerSigningKeyResolver = (_, _, kid, _) => keys.FindAccessKeys(kid);
        return rules;
    }

    public TokenValidationParameters For(TokenKind kind)
    {
        var rules = Common(kind.Type, [_issuer + kind.Audience], kind.RequiredClaims);
        rules.ValidAlgorithms = [SecurityAlgorithms.HmacSha256];
        rules.IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kind.Purpose, kid);
        return rules;
    }

    /// <returns>The token's content, or null where it is not a valid one of this kind.</returns>
    public async Task<JsonWebToken?> ReadAsync(string token, TokenKind kind)
    {
        var result = await StrictTokenHandler.Instance.ValidateTokenAsync(token, For(kind));
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }

    /// <summary>Whether nothing is wrong with it but its age.</summary>
    public async Task<bool> IsExpiredAsync(string token, TokenKind kind)
    {
        var rules = For(kind);
        rules.LifetimeValidator = (_, expires, _, _) => expires is { } end && end + TokenOptions.ClockSkew <= Now();
        return (await StrictTokenHandler.Instance.ValidateTokenAsync(token, rules)).IsValid;
    }

    private TokenValidationParameters Common(
        string type, IReadOnlyList<string> audiences, IReadOnlyList<string> required) => new()
        {
            ValidTypes = [type],
            ValidIssuer = _issuer,
            ValidateIssuer = true,
            ValidAudiences = audiences,
            ValidateAudience = true,
            RequireAudience = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ClockSkew = TokenOptions.ClockSkew,
            LifetimeValidator = (notBefore, expires, token, _) => IsCurrent(notBefore, expires, token),
            TryAllIssuerSigningKeys = false,
            NameClaimType = "name",
            RoleClaimType = "roles",
            PropertyBag = new Dictionary<string, object> { [StrictTokenHandler.RequiredClaims] = required },
        };

    private bool IsCurrent(DateTime? notBefore, DateTime? expires, SecurityToken token)
    {
        var now = Now();
        var latest = now + TokenOptions.ClockSkew;
        return expires is { } end && now < end + TokenOptions.ClockSkew
            && (notBefore is null || notBefore <= latest)
            && ((JsonWebToken)token).IssuedAt <= latest;
    }

    private DateTime Now() => clock.GetUtcNow().UtcDateTime;
}
