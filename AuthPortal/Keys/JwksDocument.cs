using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Keys;

/// <summary>The published key set (RFC 7517 §5) as the bytes that are served.</summary>
internal sealed record JwksDocument(ReadOnlyMemory<byte> Json, EntityTagHeaderValue ETag)
{
    // Written member by member from public parameters: JsonWebKeyConverter would copy d.
    public static JwksDocument Of(IEnumerable<SigningKey> pairs)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            keys = pairs.Select(pair => new
            {
                kty = "EC",
                crv = "P-256",
                x = pair.X,
                y = pair.Y,
                alg = "ES256",
                use = "sig",
                kid = pair.Key.KeyId,
            }),
        });
        var hash = Base64Url.EncodeToString(SHA256.HashData(json));
        return new JwksDocument(json, new EntityTagHeaderValue($"\"{hash}\""));
    }
}
