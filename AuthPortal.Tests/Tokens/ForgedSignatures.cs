using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthPortal.Keys;
using AuthPortal.Tests.Keys;
using AuthPortal.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tests.Tokens;

/// <summary>Access tokens that say all that a good one says, signed by the wrong key or in the wrong way.</summary>
internal static class ForgedSignatures
{
    private const string Elsewhere = "https://elsewhere.test";

    public static Dictionary<string, Func<Forge, string>> All()
    {
        var all = new Dictionary<string, Func<Forge, string>>
        {
            ["RS256 in name"] = f => f.Access(header: h => h["alg"] = "RS256"),
            ["ES384 in name"] = f => f.Access(header: h => h["alg"] = "ES384"),
            ["alg in small letters"] = f => f.Access(header: h => h["alg"] = "es256"),
            ["alg and a blank"] = f => f.Access(header: h => h["alg"] = "ES256 "),
            ["alg in a list"] = f => f.Access(header: h => h["alg"] = new JsonArray("ES256")),
            ["without alg"] = f => f.Access(header: h => h.Remove("alg")),
            ["HS256 with an empty key"] = f => f.Hs256([], f.Ring.AccessSigning.Kid),
            ["a DER signature"] = f => Forge.Sign(Forge.Decode(f.Parts[0]), Forge.Decode(f.Parts[1]), bytes =>
                Pair(f).SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["a signature of zeros"] = f => // CVE-2022-21449
                Forge.Sign(Forge.Decode(f.Parts[0]), Forge.Decode(f.Parts[1]), _ => new byte[64]),
            ["a signature in bits only"] = f => $"{f.Parts[0]}.{f.Parts[1]}.",
        };
        foreach (var (name, forgery) in Strangers())
            all[name] = forgery;
        foreach (var (name, signature) in SpecialSignatures())
            all[name] = f => Forge.Sign(Forge.Decode(f.Parts[0]), Forge.Decode(f.Parts[1]), _ => signature);
        foreach (var none in (string[])["none", "None", "NONE", "nOnE"])
        {
            all[$"alg {none}"] = f => Forge.Encode($$"""{"alg":"{{none}}","typ":"at+jwt"}""") + $".{f.Parts[1]}.";
            all[$"alg {none}, signed"] = f => f.Access(header: h => h["alg"] = none);
        }

        foreach (var (name, bytes) in PublicKeySpellings())
            all[$"HS256 with the public key as {name}"] = f => f.Hs256(bytes(f), f.Ring.AccessSigning.Kid);
        return all;
    }

    private static Dictionary<string, Func<Forge, byte[]>> PublicKeySpellings() => new()
    {
        ["PEM"] = f => Encoding.UTF8.GetBytes(Pair(f).ExportSubjectPublicKeyInfoPem()),
        ["PEM and a line end"] = f => Encoding.UTF8.GetBytes(Pair(f).ExportSubjectPublicKeyInfoPem() + "\n"),
        ["DER"] = f => Pair(f).ExportSubjectPublicKeyInfo(),
        ["a point"] = f => [.. Point(f).X!, .. Point(f).Y!],
        ["an uncompressed point"] = f => [4, .. Point(f).X!, .. Point(f).Y!],
        ["the published JWK"] = f => Encoding.UTF8.GetBytes(Published(f)[0]!.ToJsonString()),
        ["the published set"] = f => f.Ring.Published.Json.ToArray(),
    };

    /// <summary>Wycheproof's: r and s at and beyond their bounds, and of odd lengths.</summary>
    private static Dictionary<string, byte[]> SpecialSignatures()
    {
        var bounds = new Dictionary<string, byte[]>
        {
            ["0"] = new byte[32],
            ["1"] = [.. new byte[31], 1],
            ["n - 1"] = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550"),
            ["n"] = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
            ["2^256 - 1"] = [.. Enumerable.Repeat((byte)0xFF, 32)],
        };
        var all = new Dictionary<string, byte[]>();
        foreach (var (r, first) in bounds)
        {
            foreach (var (s, second) in bounds)
                all[$"r = {r}, s = {s}"] = [.. first, .. second];
            all[$"r = {r} alone"] = first;
            all[$"r = {r}, s a byte short"] = [.. first, .. first[1..]];
            all[$"r = {r}, s a byte long"] = [.. first, 0, .. first];
        }

        return all;
    }

    private static Dictionary<string, Func<Forge, string>> Strangers() => new()
    {
        ["an embedded key"] = f => SignedByStranger(f, (header, jwk) => header["jwk"] = jwk),
        ["an embedded key under our kid"] = f => SignedByStranger(f, (header, jwk) =>
            (header["jwk"], header["kid"]) = (jwk, f.Ring.AccessSigning.Kid)),
        ["jku"] = f => Naming(f, "jku", Elsewhere),
        ["x5u"] = f => Naming(f, "x5u", Elsewhere),
        ["x5c"] = f => SignedByStranger(f, (header, _) => header["x5c"] = new JsonArray("MIIB")),
        ["HMAC under the refresh key"] = f => f.OfPurpose("refresh", "at+jwt"),
        ["HMAC under a purpose called access"] = f => f.OfPurpose("access", "at+jwt"),
        ["a token of another portal with our secret"] = f => OfAnotherPortal(f, issuer: Elsewhere),
        ["another portal's signature over our issuer"] = f => OfAnotherPortal(f, issuer: Portal.Url),
    };

    private static ECDsa Pair(Forge forge) => ((ECDsaSecurityKey)forge.Ring.AccessSigning.Key).ECDsa;

    private static ECPoint Point(Forge forge) => Pair(forge).ExportParameters(includePrivateParameters: false).Q;

    private static JsonArray Published(Forge forge) =>
        JsonNode.Parse(forge.Ring.Published.Json.Span)!["keys"]!.AsArray();

    /// <summary>Signed by a stranger, whose key the header says to fetch (RFC 7515 §4.1.2, §4.1.5).</summary>
    /// <param name="host">Where from.</param>
    public static string Naming(Forge forge, string member, string host) =>
        SignedByStranger(forge, (header, _) => header[member] = $"{host}/{member}");

    private static string SignedByStranger(Forge forge, Action<JsonObject, JsonObject> change)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
            ["kid"] = "own",
        };
        var header = Forge.Read(forge.Good, part: 0);
        header["kid"] = "own";
        change(header, jwk);
        return Forge.Sign(header.ToJsonString(), Forge.Decode(forge.Parts[1]), bytes =>
            own.SignData(bytes, HashAlgorithmName.SHA256));
    }

    private static string OfAnotherPortal(Forge forge, string issuer)
    {
        using var ring = Rings.Ring(TimeProvider.System, new KeyOptions { Secret = Portal.Secret }, Elsewhere);
        var payload = Forge.Read(forge.Good);
        (payload["iss"], payload["aud"]) = (issuer, issuer);
        return Forge.Sign(
            $$"""{"alg":"ES256","kid":"{{ring.AccessSigning.Kid}}","typ":"at+jwt"}""",
            payload.ToJsonString(),
            bytes => ((ECDsaSecurityKey)ring.AccessSigning.Key).ECDsa.SignData(bytes, HashAlgorithmName.SHA256));
    }
}
