using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A passkey in the hands of a test (WebAuthn level 3 §6), which answers as the browser would, or as nobody should.
/// </summary>
internal sealed class SoftwareAuthenticator
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte BackupEligible = 0x08;
    private const byte BackedUp = 0x10;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    public string Id => Base64Url.EncodeToString(CredentialId);

    public string Origin { get; set; } = Portal.Url;

    public string RelyingParty { get; set; } = "portal.test";

    public bool CrossOrigin { get; set; }

    public bool VerifiesUser { get; set; } = true;

    public bool IsBackupEligible { get; set; } = true;

    /// <summary>Null for one that never counts.</summary>
    public uint? Count { get; set; } = 1;

    /// <summary>Whom it was made for; another's, where a test says so.</summary>
    public string? UserHandle { get; set; }

    /// <summary>A <c>RegistrationResponseJSON</c>.</summary>
    public JsonObject Create(JsonNode options, string type = "webauthn.create")
    {
        UserHandle ??= options["user"]!["id"]!.GetValue<string>();
        var cbor = new CborWriter();
        cbor.WriteStartMap(3);
        cbor.WriteTextString("fmt");
        cbor.WriteTextString("none");
        cbor.WriteTextString("attStmt");
        cbor.WriteStartMap(0);
        cbor.WriteEndMap();
        cbor.WriteTextString("authData");
        cbor.WriteByteString([.. AuthenticatorData(HasCredential), .. Credential()]);
        cbor.WriteEndMap();
        return Answer(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(ClientData(options, type)),
            ["attestationObject"] = Base64Url.EncodeToString(cbor.Encode()),
            ["transports"] = new JsonArray("internal", "made\u0000up"),
        });
    }

    /// <summary>An <c>AuthenticationResponseJSON</c>; the counter rises, where there is one.</summary>
    public JsonObject Get(JsonNode options, string type = "webauthn.get")
    {
        if (Count is not null)
            Count++;
        var (client, data) = (ClientData(options, type), AuthenticatorData(0));
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = UserHandle,
        });
    }

    /// <summary>Without <c>clientExtensionResults</c>, as Better Auth's client sends it.</summary>
    private JsonObject Answer(JsonObject response) => new()
    {
        ["id"] = Id,
        ["rawId"] = Id,
        ["type"] = "public-key",
        ["response"] = response,
    };

    private byte[] ClientData(JsonNode options, string type) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        type,
        challenge = options["challenge"]!.GetValue<string>(),
        origin = Origin,
        crossOrigin = CrossOrigin,
    }));

    private byte[] AuthenticatorData(byte flags)
    {
        flags |= UserPresent;
        flags |= VerifiesUser ? UserVerified : (byte)0;
        flags |= IsBackupEligible ? (byte)(BackupEligible | BackedUp) : (byte)0;
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)).CopyTo(data, 0);
        data[32] = flags;
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), Count ?? 0);
        return data;
    }

    /// <summary>Its make, its id, and its public key as a COSE_Key (RFC 9053 §7.1).</summary>
    private byte[] Credential()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new CborWriter(CborConformanceMode.Ctap2Canonical);
        key.WriteStartMap(5);
        foreach (var (label, value) in ((int, int)[])[(1, 2), (3, -7), (-1, 1)])
        {
            key.WriteInt32(label);
            key.WriteInt32(value);
        }

        key.WriteInt32(-2);
        key.WriteByteString(point.X!);
        key.WriteInt32(-3);
        key.WriteByteString(point.Y!);
        key.WriteEndMap();
        byte[] length = [(byte)(CredentialId.Length >> 8), (byte)CredentialId.Length];
        return [.. Make.ToByteArray(bigEndian: true), .. length, .. CredentialId, .. key.Encode()];
    }

    public static Guid Make { get; } = new("01020304-0506-0708-0102-030405060708");
}
