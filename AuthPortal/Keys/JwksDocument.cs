using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Keys;

/// <summary>The published key set (RFC 7517 §5) as the bytes that are served.</summary>
internal sealed record JwksDocument(ReadOnlyMemory<byte> Json, EntityTagHeaderValue ETag)
{
    // Written member by member from public parameters: JsonWebKeyConverter would copy d.
    public static JwksDocument Of(IEnumerable<SigningKey> pairs)
    {
        var keys = pairs.Select(p => new PublishedKey("EC", "P-256", p.X, p.Y, "ES256", "sig", p.Key.KeyId));
        var json = JsonSerializer.SerializeToUtf8Bytes(new KeySet(keys), KeyJson.Default.KeySet);
        var hash = Base64Url.EncodeToString(SHA256.HashData(json));
        return new JwksDocument(json, new EntityTagHeaderValue($"\"{hash}\""));
    }
}

/// <summary>A JSON Web Key Set (RFC 7517 §5).</summary>
internal sealed record KeySet(IEnumerable<PublishedKey> Keys);

/// <summary>The public half of a signing key (RFC 7517 §4, RFC 7518 §6.2.1).</summary>
internal sealed record PublishedKey(string Kty, string Crv, string X, string Y, string Alg, string Use, string Kid);

/// <summary>How a key set is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KeySet))]
internal sealed partial class KeyJson : JsonSerializerContext;
