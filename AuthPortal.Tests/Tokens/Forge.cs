using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthPortal.Keys;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tests.Tokens;

/// <summary>
/// Makes tokens that are wrong in one thing: copies of a good one with that thing changed, and signed as the portal
/// itself would sign, wherever the signature is not the thing.
/// </summary>
internal sealed class Forge(Portal portal, string good)
{
    public string Good => good;

    public KeyRing Ring { get; } = portal.Services.GetRequiredService<KeyRing>();

    public string[] Parts { get; } = good.Split('.');

    /// <summary>The second that it is for the portal.</summary>
    public long Now => (portal.Clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();

    /// <summary>An access token with a changed header or payload, signed by the published ring.</summary>
    public string Access(Action<JsonObject>? payload = null, Action<JsonObject>? header = null) =>
        Sign(Changed(Parts[0], header), Changed(Parts[1], payload), SignEs256);

    /// <summary>An access token in all but what signs it.</summary>
    public string Hs256(byte[] key, string? kid) => Sign(
        Changed(Parts[0], header =>
        {
            header["alg"] = "HS256";
            header["kid"] = kid;
        }),
        Decode(Parts[1]),
        bytes => HMACSHA256.HashData(key, bytes));

    /// <summary>A token of a purpose of its own, from the payload of an access token.</summary>
    public string OfPurpose(string purpose, string type, Action<JsonObject>? payload = null)
    {
        var key = (SymmetricSecurityKey)Ring.Signing(purpose).Key;
        return Sign(
            $$"""{"alg":"HS256","kid":"{{key.KeyId}}","typ":"{{type}}"}""",
            Changed(Parts[1], payload),
            bytes => HMACSHA256.HashData(key.Key, bytes));
    }

    public byte[] SignEs256(byte[] bytes) =>
        ((ECDsaSecurityKey)Ring.AccessSigning.Key).ECDsa.SignData(bytes, HashAlgorithmName.SHA256);

    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var content = $"{Encode(header)}.{Encode(payload)}";
        return $"{content}.{Base64Url.EncodeToString(sign(Encoding.UTF8.GetBytes(content)))}";
    }

    public static JsonObject Read(string token, int part = 1) =>
        JsonNode.Parse(Decode(token.Split('.')[part]))!.AsObject();

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    public static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));

    private static string Changed(string part, Action<JsonObject>? change)
    {
        var json = JsonNode.Parse(Decode(part))!.AsObject();
        change?.Invoke(json);
        return json.ToJsonString();
    }
}
