using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tokens;

/// <summary>
/// Signs what only the portal reads again, such as a mailed link: each <see cref="TokenKind"/> by its own key.
/// </summary>
internal sealed class PurposeTokens(
    KeyRing keys, TokenRules rules, IOptions<PortalOptions> portal, TimeProvider clock)
{
    public string Make(TokenKind kind, Dictionary<string, object> claims, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        return StrictTokenHandler.Instance.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = portal.Value.PublicUrl,
            Audience = portal.Value.PublicUrl + kind.Audience,
            TokenType = kind.Type,
            IssuedAt = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = keys.Signing(kind.Purpose),
        });
    }

    /// <returns>Null where there is no token, or it is expired, altered, or of another kind.</returns>
    public async Task<JsonWebToken?> ReadAsync(string? token, TokenKind kind) =>
        token is null ? null : await rules.ReadAsync(token, kind);
}
