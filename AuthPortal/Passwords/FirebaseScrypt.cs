using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace AuthPortal.Passwords;

/// <summary>
/// Firebase's scrypt, with its project's parameters in each hash, as Supabase writes it:
/// <c>$fbscrypt$v=1,n=14,r=8,p=1,ss=SEPARATOR,sk=SIGNER_KEY$SALT$HASH</c>. The hash is the signer key, encrypted by
/// what scrypt makes of the password as it was typed.
/// </summary>
internal sealed partial class FirebaseScrypt : IPasswordScheme
{
    private const int MostCost = 16; // 64 MB at eight blocks
    private const int MostBlocks = 16;
    private const int KeyBytes = 32;

    public StoredPassword? Read(string storedHash)
    {
        var match = Form().Match(storedHash);
        if (!match.Success || match.Number("n") is not (>= 10 and <= MostCost and var cost)
            || match.Number("r") is not (>= 1 and <= MostBlocks and var blocks)
            || match.Bytes("ss") is not { } separator || match.Bytes("sk") is not { Length: > 0 } signer
            || match.Bytes("salt") is not { Length: > 0 } salt
            || match.Bytes("hash") is not { } hash || hash.Length != signer.Length)
        {
            return null;
        }

        byte[] salted = [.. salt, .. separator];
        return new StoredPassword(
            (1L << cost) * blocks / 256, // 16384 of 16 blocks, which are Better Auth's, take as long as 1024 of bcrypt
            IsCurrent: false,
            password => CryptographicOperations.FixedTimeEquals(Encrypt(KeyOf(password.Typed), signer), hash));

        byte[] KeyOf(string typed) =>
            SCrypt.Generate(Encoding.UTF8.GetBytes(typed), salted, 1 << cost, blocks, 1, KeyBytes);
    }

    private static byte[] Encrypt(byte[] key, byte[] signer)
    {
        var cipher = CipherUtilities.GetCipher("AES/CTR/NoPadding");
        cipher.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), new byte[16]));
        return cipher.DoFinal(signer);
    }

    [GeneratedRegex(
        @"\A\$fbscrypt\$v=1,n=(?<n>[0-9]{1,2}),r=(?<r>[0-9]{1,2}),p=1,"
        + @"ss=(?<ss>[A-Za-z0-9+/=]{0,16}),sk=(?<sk>[A-Za-z0-9+/=]{4,120})"
        + @"\$(?<salt>[A-Za-z0-9+/=]{4,64})\$(?<hash>[A-Za-z0-9+/=]{4,120})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
