using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using CsCheck;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Properties;

/// <summary>An endpoint that reads JSON, as the portal's own route table has it.</summary>
internal sealed record JsonEndpoint(string Path, IReadOnlyList<JsonPropertyInfo> Members)
{
    public static IReadOnlyList<JsonEndpoint> AllOf(Portal portal) =>
    [
        .. from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let body = endpoint.Metadata.GetMetadata<JsonBodyType>()
           where body is not null
           select new JsonEndpoint(
               $"/{endpoint.RoutePattern.RawText!.Trim('/')}", [.. PortalJson.Options.GetTypeInfo(body.Type).Properties]),
    ];

    public override string ToString() => Path;
}

internal sealed record Body(byte[] Bytes, string? ContentType)
{
    public override string ToString() => $"{ContentType}: {Encoding.Latin1.GetString(Bytes)}";
}

/// <summary>Bodies for an endpoint: those that it must refuse, whatever it is for, and those that are anything at all.</summary>
internal static class Bodies
{
    private const string Json = "application/json";

    private static readonly Gen<string> OtherType = Gen.Frequency(
        (3, Gen.OneOf(
            "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx",
            "application/problem+json", "application/json, text/plain", "*/*", "application/*", ";", "application/json\0")),
        (1, Texts.Any.Where(text => !text.Trim().StartsWith(Json, StringComparison.OrdinalIgnoreCase))));

    private static readonly Gen<string> JsonType = Gen.Frequency(
        (8, Json), (1, "APPLICATION/JSON"), (1, "application/json; charset=utf-8"), (1, "application/json;charset=utf-16"));

    private static readonly Gen<byte[]> NoUtf8 = Gen.OneOf<byte[]>([0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80]);

    /// <summary>Refused before anything is done for it.</summary>
    public static Gen<Body> Invalid(JsonEndpoint endpoint, Person person)
    {
        var decent = ObjectOf(endpoint.Members.Select(member => MemberOf(member, Decent(member, person))));
        var wrong = new List<(int, IGen<Body>)>
        {
            (2, RandomJson.NotObject.Select(Encoded)),
            (2, Gen.Select(decent, Gen.OneOf("{", "}", "]", ",", "\"", "x", "//", "\0", "{}", "\uFEFF"), (json, more) => Encoded(json + more))),
            (1, Gen.Select(decent, Gen.Int[1, 9], (json, less) => Encoded(json[..^Math.Min(less, json.Length)]))),
            (1, Gen.Select(decent, NoUtf8, (json, bytes) => new Body([.. Encoding.UTF8.GetBytes(json[..^1]), .. bytes, (byte)'}'], Json))),
            (1, decent.Select(json => new Body(Encoding.Unicode.GetBytes(json), Json))),
            (1, Gen.Select(decent, Gen.Int[17, 2_000], (json, depth) => Encoded(With(json, $"\"deep\":{Nested(depth)}")))),
            (1, Gen.Select(decent, RandomJson.Any, (json, value) => Encoded(With(json, $"\"twice\":{value},\"tw\\u0069ce\":1")))),
            (1, decent.Select(json => Encoded(With(json, $"\"long\":\"{new string('x', 17_000)}\"")))),
            (1, Gen.Select(decent, OtherType, (json, type) => new Body(Encoding.UTF8.GetBytes(json), type))),
        };
        foreach (var member in endpoint.Members)
        {
            var others = endpoint.Members.Where(other => other != member).Select(other => MemberOf(other, Decent(other, person))).ToList();
            wrong.Add((2, ObjectOf(others.Append(MemberOf(member, WrongFor(member)))).Select(Encoded)));
            if (member.IsRequired)
                wrong.Add((1, ObjectOf(others).Select(Encoded)));
        }

        return Gen.Frequency([.. wrong]);
    }

    /// <summary>Good, bad, or no JSON at all.</summary>
    public static Gen<Body> Any(JsonEndpoint endpoint, Person person)
    {
        var members = endpoint.Members.Select(member =>
            Gen.Frequency((1, Gen.Const("")), (5, MemberOf(member, Gen.Frequency((3, Decent(member, person)), (2, RandomJson.Any))))));
        var more = Gen.Select(RandomJson.Text, RandomJson.Any, (name, value) => $"{name}:{value}");
        var json = ObjectOf(members.Append(Gen.Frequency((3, Gen.Const("")), (1, more))));
        return Gen.Frequency(
            (12, Gen.Select(json, JsonType, (text, type) => new Body(Encoding.UTF8.GetBytes(text), type))),
            (3, Gen.Select(RandomJson.Any, JsonType, (text, type) => new Body(Encoding.UTF8.GetBytes(text), type))),
            (2, Gen.Select(Gen.Byte.Array[0, 200], JsonType, (bytes, type) => new Body(bytes, type))),
            (1, Gen.Select(json, OtherType, (text, type) => new Body(Encoding.UTF8.GetBytes(text), type))),
            (1, Gen.OneOf(new Body([], null), new Body([], Json), new Body("{}"u8.ToArray(), null))));
    }

    /// <summary>What a member might honestly hold.</summary>
    private static Gen<string> Decent(JsonPropertyInfo member, Person person)
    {
        if (member.PropertyType == typeof(JsonObject))
            return Passkey();
        if (member.PropertyType != typeof(string))
            return Gen.OneOf("true", "false");
        return member.Name.ToUpperInvariant() switch
        {
            "EMAIL" or "NEWEMAIL" => Quoted(person.Email, "eve@example.com", "Eve@B\u00FCcher.example"),
            "PASSWORD" or "CURRENTPASSWORD" or "NEWPASSWORD" => Quoted(Api.Password, "wrong horse battery"),
            "CALLBACKURL" or "REDIRECTTO" => Destinations.Any.Select(url => RandomJson.Quote(url, escaped: true)),
            "IMAGE" => Quoted("https://example.com/ada.png", "javascript:alert(1)"),
            "REFRESHTOKEN" or "TOKEN" => Quoted(person.RefreshToken, person.AccessToken),
            "ID" => Quoted($"{person.Id}", $"{Guid.Empty}"),
            "CODE" => Quoted("123456", "ABCDE-FGHIJ"),
            "METHOD" => Quoted("totp", "otp"),
            _ => Gen.Frequency((1, Quoted("Ada")), (1, RandomJson.Text)),
        };
    }

    /// <summary>An answer to a passkey's options, of which every part may be anything.</summary>
    public static Gen<string> Passkey()
    {
        var data = Gen.Frequency(
            (3, Gen.Byte.Array[0, 200].Select(bytes => $"\"{System.Buffers.Text.Base64Url.EncodeToString(bytes)}\"")),
            (3, RandomJson.Any.Select(json => $"\"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json))}\"")),
            (1, RandomJson.Any));
        var inner = ObjectOf(
            ((string[])["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle", "transports"])
                .Select(name => Gen.Frequency((1, Gen.Const("")), (6, data.Select(value => $"\"{name}\":{value}")))));
        return Gen.Select(data, data, inner, Gen.Frequency((5, Gen.Const("\"public-key\"")), (1, RandomJson.Any)), (id, rawId, response, type) =>
            $"{{\"id\":{id},\"rawId\":{rawId},\"type\":{type},\"response\":{response},\"clientExtensionResults\":{{}}}}");
    }

    private static Gen<string> WrongFor(JsonPropertyInfo member) =>
        member.PropertyType == typeof(JsonObject) ? RandomJson.NotObject
        : member.PropertyType == typeof(string) ? Gen.Frequency((2, RandomJson.NotText), (1, RandomJson.TextThatIsNone))
        : RandomJson.NotBoolean;

    private static Gen<string> MemberOf(JsonPropertyInfo member, Gen<string> value) => value.Select(json => $"\"{member.Name}\":{json}");

    /// <summary>Of members that may be empty, and then are left out.</summary>
    private static Gen<string> ObjectOf(IEnumerable<Gen<string>> members) =>
        members.Aggregate(
            Gen.Const(""),
            (all, member) => Gen.Select(all, member, (a, b) => a.Length == 0 ? b : b.Length == 0 ? a : $"{a},{b}"))
        .Select(all => $"{{{all}}}");

    private static string With(string json, string member) => json == "{}" ? $"{{{member}}}" : $"{json[..^1]},{member}}}";

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static Gen<string> Quoted(params string[] texts) =>
        Gen.OneOf(texts.Select(text => RandomJson.Quote(text, escaped: true)).ToArray());

    private static Body Encoded(string json) => new(Encoding.UTF8.GetBytes(json), Json);
}
