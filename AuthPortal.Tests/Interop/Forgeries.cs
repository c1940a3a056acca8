using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthPortal.Keys;
using AuthPortal.Tests.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tests.Interop;

/// <summary>
/// Tokens a service must refuse; made with the portal's own key wherever the signature is not what is bad.
/// </summary>
internal sealed class Forgeries(string issuer, KeyOptions keys, Guid sub) : IDisposable
{
    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly KeyRing _ring = Rings.Ring(TimeProvider.System, keys, issuer);
    private readonly ECDsa _otherPair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>As the portal would make it: a service that refuses this refuses the rest for no good reason.</summary>
    public string Faithful => Sign(_ring.AccessSigning);

    public Dictionary<string, string> All()
    {
        var good = _ring.AccessSigning;
        var parts = Faithful.Split('.');
        return new Dictionary<string, string>
        {
            ["nonsense"] = "nonsense",
            ["nonsense in three parts"] = "a.b.c",
            ["truncated"] = Faithful[..^8],
            ["its claims changed"] = $"{parts[0]}.{Sign(good, ("name", "Mallory")).Split('.')[1]}.{parts[2]}",
            ["expired"] = Sign(good, ("iat", Now - 900), ("exp", Now - 45)),
            ["endless"] = Sign(good, ("exp", null)),
            ["for another audience"] = Sign(good, ("aud", "https://other.example.com")),
            ["for a part of the portal"] = Sign(good, ("aud", $"{issuer}/refresh")),
            ["from another issuer"] = Sign(good, ("iss", "https://other.example.com")),
            ["by another pair under the same name"] = Sign(Pair(good.Kid)),
            ["by a key nobody knows"] = Sign(Pair("unknown")),
            ["by a secret of the forger's"] = Sign(Secret(RandomNumberGenerator.GetBytes(32), good.Kid)),
            ["unsigned"] = $"{Part("""{"alg":"none"}""")}.{parts[1]}.",
            ["unsigned, signature kept"] = $"{Part("""{"alg":"none"}""")}.{parts[1]}.{parts[2]}",
        };
    }

    /// <summary>HS256 with what everybody can read as the secret (RFC 8725 §2.1).</summary>
    public Dictionary<string, string> WithPublicKeyAsSecret()
    {
        var key = (ECDsaSecurityKey)_ring.AccessSigning.Key;
        var pem = key.ECDsa.ExportSubjectPublicKeyInfoPem();
        return new Dictionary<string, string>
        {
            ["by the public key's PEM"] = Sign(Secret(Encoding.ASCII.GetBytes(pem), key.KeyId)),
            ["by the public key's PEM and a line's end"] = Sign(Secret(Encoding.ASCII.GetBytes(pem + "\n"), key.KeyId)),
            ["by the public key's DER"] = Sign(Secret(key.ECDsa.ExportSubjectPublicKeyInfo(), key.KeyId)),
        };
    }

    public void Dispose()
    {
        _ring.Dispose();
        _otherPair.Dispose();
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    private static string Part(string json) => Base64UrlEncoder.Encode(json);

    private static SigningCredentials Secret(byte[] bytes, string kid) =>
        new(new SymmetricSecurityKey(bytes) { KeyId = kid }, SecurityAlgorithms.HmacSha256);

    private SigningCredentials Pair(string kid) =>
        new(new ECDsaSecurityKey(_otherPair) { KeyId = kid }, SecurityAlgorithms.EcdsaSha256);

    /// <param name="changes">Claims that differ from the faithful token's; null leaves one out.</param>
    private string Sign(SigningCredentials credentials, params ReadOnlySpan<(string Name, object? Value)> changes)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = issuer,
            ["aud"] = issuer,
            ["sub"] = sub,
            ["iat"] = Now,
            ["exp"] = Now + 900,
            ["jti"] = Guid.NewGuid(),
            ["sid"] = Guid.NewGuid(),
            ["ver"] = 1,
            ["name"] = "Ada",
        };
        foreach (var (name, value) in changes)
            claims[name] = value;
        var payload = JsonSerializer.Serialize(claims.Where(claim => claim.Value is not null).ToDictionary());
        return Tokens.CreateToken(payload, credentials, new Dictionary<string, object> { ["typ"] = "at+jwt" });
    }
}
