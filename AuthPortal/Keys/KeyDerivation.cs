using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Keys;

/// <summary>
/// Every key, from the listed secrets by HKDF-SHA256 (RFC 5869). The issuer is part of each, so the same secret
/// under another public URL has other keys. A change here changes every key there is: a test pins the outcome.
/// </summary>
internal sealed class KeyDerivation(IOptions<KeyOptions> keys, IOptions<PortalOptions> portal)
{
    private readonly string _issuer = portal.Value.PublicUrl;
    private readonly SecretList _secrets = SecretList.Read(keys.Value.Secret, keys.Value.Secrets);

    /// <summary>The versions of the listed secrets; the first is the one that signs.</summary>
    public IReadOnlyList<int> Versions => _secrets.Versions;

    public byte[] Derive(KeyName name, int length) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(_secrets.Value(name.Version)),
        length,
        salt: null,
        info: Info(_issuer, name));

    // Each text behind its length, each number eight bytes wide: no two names share one encoding.
    internal static byte[] Info(string issuer, KeyName name)
    {
        ArgumentException.ThrowIfNullOrEmpty(issuer);
        return
        [
            .. Text(issuer), .. Text(name.Purpose),
            .. Number(name.Version), .. Number(name.Generation), .. Number(name.Epoch),
        ];
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Number(bytes.Length), .. bytes];
    }

    private static byte[] Number(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
