using System.Security.Cryptography;
using System.Text;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>What a mailed link says, once its signature and time are good.</summary>
/// <param name="Id">Its own.</param>
/// <param name="MadeAt">To the second.</param>
/// <param name="Fingerprint">Of what it will change; the UPDATE that honours it compares.</param>
/// <param name="Subject">What more it is about, such as a new address; null for most.</param>
internal sealed record OneTimeLink(
    Guid Id, Guid UserId, DateTimeOffset MadeAt, string Fingerprint, string? Subject);

/// <summary>
/// Links that work once, without a table of those used: each carries a fingerprint of what it will change, so that
/// the first use leaves the second nothing to find. The one place that builds a mailed address.
/// </summary>
internal sealed class OneTimeLinks(PurposeTokens tokens, TokenRules rules, IOptions<PortalOptions> portal)
{
    /// <summary>
    /// Hexadecimal SHA-256, which a statement computes alike:
    /// <c>encode(sha256(convert_to(…, 'UTF8')), 'hex')</c>.
    /// </summary>
    public static string FingerprintOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <param name="willChange">What the link's use will change: the password, by its id, or the address.</param>
    public string Make(TokenKind kind, Guid userId, string willChange, TimeSpan lifetime, string? subject = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = userId.ToString(),
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["fingerprint"] = FingerprintOf(willChange),
        };
        if (subject is not null)
            claims["subject"] = subject;
        return tokens.Make(kind, claims, lifetime);
    }

    /// <returns>Null where the token is expired, altered, or of another kind.</returns>
    public async Task<OneTimeLink?> ReadAsync(string? token, TokenKind kind)
    {
        if (await tokens.ReadAsync(token, kind) is not { } read)
            return null;
        read.TryGetPayloadValue<string>("subject", out var subject);
        return new OneTimeLink(
            Guid.Parse(read.Id),
            Guid.Parse(read.Subject),
            read.IssuedAt,
            read.GetPayloadValue<string>("fingerprint"),
            subject);
    }

    /// <summary>Whether the token was a good one of this kind, until its time was over.</summary>
    public Task<bool> IsExpiredAsync(string token, TokenKind kind) => rules.IsExpiredAsync(token, kind);

    /// <summary>Where the mailed link leads: always the public address, never what a request called us.</summary>
    /// <param name="path">A page's, such as <c>/reset-password</c>.</param>
    public string AddressOf(string path, string token, string? returnUrl = null)
    {
        var query = QueryString.Create("token", token);
        if (ReturnUrl.Safe(returnUrl, portal.Value) is { } back)
            query = query.Add("returnUrl", back);
        return $"{portal.Value.PublicUrl}{path}{query}";
    }

    /// <summary>One of our pages, for a mail whose link changes nothing.</summary>
    public string AddressOf(string path) => portal.Value.PublicUrl + path;

    /// <summary>The same for a program's own page: our address judges the token, and hands it on.</summary>
    /// <param name="path">An endpoint's that redirects, such as <c>/api/auth/reset-password</c>.</param>
    public string AddressBy(string path, string token, string callbackUrl) =>
        $"{portal.Value.PublicUrl}{path}/{token}{QueryString.Create("callbackURL", callbackUrl)}";
}
