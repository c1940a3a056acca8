using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tokens;

/// <summary>
/// Writes the revocations as a signed JWT (RFC 7515 §7.1), as bytes from the beginning. The library goes by way of
/// strings, many times as long as the token: with 100,000 entries that is more than a small container has. Not
/// thread-safe.
/// </summary>
internal sealed class RevocationWriter
{
    private const string Type = "revocations+jwt";
    private const int LongestSignature = 512; // of RSA with 4,096 bits
    private const int LengthOfId = 36;

    // As the library writes: a plus sign in the header is not escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _payload = new(); // used again

    /// <returns>The token, and a digest of what is in the list, whoever signs it and when.</returns>
    public (ArraySegment<byte> Token, string Digest) Write(
        RevocationSet set, SigningCredentials signing, string issuer, DateTimeOffset now, TimeSpan lifetime)
    {
        _payload.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_payload, Plain);
        json.WriteStartObject();
        WriteList(json, set);
        json.Flush();
        var digest = Convert.ToHexStringLower(SHA256.HashData(_payload.WrittenSpan));

        json.WriteString(JwtRegisteredClaimNames.Iss, issuer);
        json.WriteString(JwtRegisteredClaimNames.Aud, $"{issuer}/revocations");
        json.WriteNumber(JwtRegisteredClaimNames.Iat, now.ToUnixTimeSeconds());
        json.WriteNumber(JwtRegisteredClaimNames.Exp, (now + lifetime).ToUnixTimeSeconds());
        json.WriteEndObject();
        json.Flush();
        return (Sign(Header(signing), signing), digest);
    }

    private static void WriteList(Utf8JsonWriter json, RevocationSet set)
    {
        var (sessions, users) = set.Snapshot();
        json.WriteStartArray("sessions");
        foreach (var sid in sessions)
            json.WriteStringValue(sid);
        json.WriteEndArray();
        json.WriteStartObject("users");
        Span<byte> id = stackalloc byte[LengthOfId];
        foreach (var (user, belowVersion) in users)
        {
            user.TryFormat(id, out _);
            json.WriteNumber(id, belowVersion);
        }

        json.WriteEndObject();
    }

    private static byte[] Header(SigningCredentials signing)
    {
        var header = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(header, Plain);
        json.WriteStartObject();
        json.WriteString(JwtHeaderParameterNames.Alg, signing.Algorithm);
        json.WriteString(JwtHeaderParameterNames.Kid, signing.Key.KeyId);
        json.WriteString(JwtHeaderParameterNames.Typ, Type);
        json.WriteEndObject();
        json.Flush();
        return header.WrittenSpan.ToArray();
    }

    private ArraySegment<byte> Sign(byte[] header, SigningCredentials signing)
    {
        var payload = _payload.WrittenSpan;
        var token = new byte[
            Base64Url.GetEncodedLength(header.Length) + 1
            + Base64Url.GetEncodedLength(payload.Length) + 1
            + Base64Url.GetEncodedLength(LongestSignature)];
        var length = Base64Url.EncodeToUtf8(header, token);
        token[length++] = (byte)'.';
        length += Base64Url.EncodeToUtf8(payload, token.AsSpan(length));

        Span<byte> signature = stackalloc byte[LongestSignature];
        var signed = Sign(signing, token.AsSpan(0, length), signature);
        token[length++] = (byte)'.';
        length += Base64Url.EncodeToUtf8(signature[..signed], token.AsSpan(length));
        return new ArraySegment<byte>(token, 0, length);
    }

    /// <returns>How long the signature is.</returns>
    private static int Sign(SigningCredentials signing, ReadOnlySpan<byte> text, Span<byte> signature)
    {
        var factory = signing.Key.CryptoProviderFactory;
        var signer = factory.CreateForSigning(signing.Key, signing.Algorithm);
        try
        {
            return signer.Sign(text, signature, out var length)
                ? length
                : throw new InvalidOperationException($"A signature of {signing.Algorithm} is longer than any known.");
        }
        finally
        {
            factory.ReleaseSignatureProvider(signer);
        }
    }
}
