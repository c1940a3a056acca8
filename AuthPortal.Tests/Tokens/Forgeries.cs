using System.Text;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Tokens;

/// <summary>Every access token that must be refused, by what is wrong with it.</summary>
internal static class Forgeries
{
    private const string Elsewhere = "https://elsewhere.test";

    public static readonly IReadOnlyDictionary<string, Func<Forge, string>> All =
        new Dictionary<string, Func<Forge, string>>(
            [.. Contents(), .. Headers(), .. Spellings(), .. Claims(), .. ForgedSignatures.All()]);

    private static Dictionary<string, Func<Forge, string>> Contents() => new()
    {
        ["expired 40 s ago"] = f => f.Access(p => p["exp"] = f.Now - 40),
        ["older than a token gets, though its end is far"] = f => f.Access(p =>
            (p["iat"], p["nbf"], p["exp"]) = (f.Now - 960, f.Now - 960, f.Now + 86_400)),
        ["without exp"] = f => f.Access(p => p.Remove("exp")),
        ["another issuer"] = f => f.Access(p => p["iss"] = Elsewhere),
        ["without issuer"] = f => f.Access(p => p.Remove("iss")),
        ["issuer with a slash"] = f => f.Access(p => p["iss"] = $"{Portal.Url}/"),
        ["an issuer that is a number"] = f => f.Access(p => p["iss"] = 5),
        ["an issuer in an object"] = f => f.Access(p => p["iss"] = new JsonObject { ["iss"] = Portal.Url }),
        ["an audience that is a number"] = f => f.Access(p => p["aud"] = 5),
        ["an audience in an object"] = f => f.Access(p => p["aud"] = new JsonObject { ["aud"] = Portal.Url }),
        ["another audience"] = f => f.Access(p => p["aud"] = Elsewhere),
        ["without audience"] = f => f.Access(p => p.Remove("aud")),
        ["an empty list of audiences"] = f => f.Access(p => p["aud"] = new JsonArray()),
        ["a list of other audiences"] = f => f.Access(p => p["aud"] = new JsonArray(Elsewhere, "x")),
        ["issued in the future"] = f => f.Access(p => p["iat"] = f.Now + 60),
        ["valid in the future"] = f => f.Access(p => p["nbf"] = f.Now + 60),
        ["a payload that is no object"] = f => Forge.Sign(Forge.Decode(f.Parts[0]), "[1]", f.SignEs256),
        ["a payload that is no JSON"] = f => Forge.Sign(Forge.Decode(f.Parts[0]), "{", f.SignEs256),
        ["a payload nested 10,000 deep"] = f => Forge.Sign(
            Forge.Decode(f.Parts[0]), $"{{\"a\":{new string('[', 2500)}{new string(']', 2500)}}}", f.SignEs256),
    };

    private static Dictionary<string, Func<Forge, string>> Headers() => new()
    {
        ["typ JWT"] = f => f.Access(header: h => h["typ"] = "JWT"),
        ["without typ"] = f => f.Access(header: h => h.Remove("typ")),
        ["typ of a refresh token"] = f => f.Access(header: h => h["typ"] = "refresh+jwt"),
        ["typ that is a number"] = f => f.Access(header: h => h["typ"] = 5),
        ["unknown kid"] = f => f.Access(header: h => h["kid"] = "unknown"),
        ["without kid"] = f => f.Access(header: h => h.Remove("kid")),
        ["kid that is a number"] = f => f.Access(header: h => h["kid"] = 1),
        ["kid that is a path"] = f => f.Hs256([], "../../../../dev/null"),
        ["kid that is SQL"] = f => f.Hs256(Encoding.UTF8.GetBytes("k"), "x' union select 'k' -- "),
        ["crit"] = f => f.Access(header: h => h["crit"] = new JsonArray("exp")),
        ["crit of b64"] = f => f.Access(header: h => (h["crit"], h["b64"]) = (new JsonArray("b64"), true)),
        ["a header that is no JSON"] = f => $"{Forge.Encode("nonsense")}.{f.Parts[1]}.{f.Parts[2]}",
        ["a header that is a list"] = f => $"{Forge.Encode("[]")}.{f.Parts[1]}.{f.Parts[2]}",
    };

    private static Dictionary<string, Func<Forge, string>> Spellings() => new()
    {
        ["another payload"] = f => WithPayload(f, Forge.Decode(f.Parts[1]).Replace("Ada", "Eve")),
        ["a payload with a blank more"] = f => WithPayload(f, Forge.Decode(f.Parts[1]) + " "),
        ["truncated"] = f => f.Good[..^1],
        ["truncated by four"] = f => f.Good[..^4],
        ["without signature"] = f => $"{f.Parts[0]}.{f.Parts[1]}",
        ["payload alone"] = f => f.Parts[1],
        ["padded"] = f => f.Good + "=",
        ["padded twice"] = f => f.Good + "==",
        ["padded payload"] = f => f.Access().Split('.') is var p ? $"{p[0]}.{p[1]}=.{p[2]}" : "",
        ["another last character"] = f => f.Good[..^1] + Sibling(f.Good[^1]),
        ["a blank within"] = f => f.Good.Insert(f.Good.Length - 5, " "),
        ["a tab within"] = f => f.Good.Insert(f.Good.Length - 5, "\t"),
        ["base64 in the other alphabet"] = f => f.Good.Insert(f.Good.Length - 5, "+/"),
        ["a dot more"] = f => f.Good + ".",
        ["five parts"] = f => $"{f.Parts[0]}.{f.Parts[1]}.{f.Parts[2]}.{f.Parts[1]}.{f.Parts[2]}",
        ["a JWE"] = f => Forge.Encode("""{"alg":"dir","enc":"A256GCM","zip":"DEF"}""")
            + $"..{f.Parts[2]}.{f.Parts[1]}.{f.Parts[2]}",
        ["a signed token of 30 KB"] = f => f.Access(p => p["pad"] = new string('x', 22_000)),
        ["30 KB of dots"] = _ => new string('.', 30_000),
        ["30 KB of letters"] = _ => new string('a', 30_000),
        ["letters"] = _ => "x",
        ["dots"] = _ => "..",
        ["a JSON null"] = _ => "null",
    };

    private static Dictionary<string, Func<Forge, string>> Claims()
    {
        string[] noTimes = ["\"1\"", "null", "true", "[1]", "{}", "-1e300", "1e300", "9223372036854775807"];
        var all = new Dictionary<string, Func<Forge, string>>();
        foreach (var claim in (string[])
            ["exp", "iat", "auth_time", "session_end", "created_at", "updated_at", "nbf"])
        {
            foreach (var wrong in noTimes)
                all[$"{claim} {wrong}"] = f => f.Access(p => p[claim] = JsonNode.Parse(wrong));
        }

        foreach (var claim in (string[])["sub", "sid", "jti", "ver", "name", "email"])
        {
            foreach (var wrong in (string[])["null", "1.5", "[]", "[\"a\",\"b\"]", "{}", "true", "99999999999"])
                all[$"{claim} {wrong}"] = f => f.Access(p => p[claim] = JsonNode.Parse(wrong));
        }

        foreach (var claim in TokenContentTests.AccessClaims.Except(["nbf", "amr", "roles"]))
            all[$"no {claim}"] = f => f.Access(p => p.Remove(claim));
        foreach (var claim in (string[])["exp", "iat", "nbf"])
        {
            all[$"{claim} in quotes"] = f => f.Access(p => p[claim] = p[claim]!.ToJsonString());
            all[$"{claim} with a fraction"] = f => f.Access(p => p[claim] = p[claim]!.GetValue<long>() + 0.5);
        }

        foreach (var claim in (string[])["sub", "exp", "jti"])
        {
            all[$"{claim} twice"] = f => Forge.Sign(
                Forge.Decode(f.Parts[0]), Forge.Decode(f.Parts[1]).Replace("{", $"{{\"{claim}\":\"x\","), f.SignEs256);
        }

        foreach (var format in (string[])["N", "B", "P", "X"])
            all[$"sub in format {format}"] = f => f.Access(p => p["sub"] = Guid.NewGuid().ToString(format));
        return all;
    }

    private static string WithPayload(Forge forge, string payload) =>
        $"{forge.Parts[0]}.{Forge.Encode(payload)}.{forge.Parts[2]}";

    /// <summary>Another character with the same bits where they count: 64 bytes leave the last four unused.</summary>
    private static char Sibling(char last)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return Alphabet[Alphabet.IndexOf(last, StringComparison.Ordinal) ^ 1];
    }
}
