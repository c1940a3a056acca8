using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using IdentityHasher = Microsoft.AspNetCore.Identity.PasswordHasher<AuthPortal.Passwords.IdentityPbkdf2>;

namespace AuthPortal.Passwords;

/// <summary>
/// Hashes brought from ASP.NET Identity, stored as <c>identity-v3:BASE64</c> or <c>identity-v2:BASE64</c>: PBKDF2 of
/// the password as it was typed, compared by Identity's own hasher. What it is asked to spend is judged first.
/// </summary>
internal sealed class IdentityPbkdf2 : IPasswordScheme
{
    /// <summary>Over three times what OWASP asks for (2023: 600,000 of SHA-256).</summary>
    public const int MostIterations = 2_000_000;

    private const string V2 = "identity-v2:";
    private const string V3 = "identity-v3:";
    private const int V2Bytes = 1 + 16 + 32;
    private const int V3HeaderBytes = 13;
    private const int FewestBytes = 16;
    private const int MostBytes = 64;

    // Measured on one core: so many iterations of one block took as long as one round of bcrypt.
    private const int Sha1PerRound = 275;
    private const int Sha256PerRound = 275;
    private const int Sha512PerRound = 137;

    private static readonly IdentityHasher Hasher = new();

    public StoredPassword? Read(string storedHash)
    {
        var text = Untagged(storedHash, V3) ?? Untagged(storedHash, V2);
        return text is not null && TagOf(text, out var rounds) is { } tag && tag + text == storedHash
            ? new StoredPassword(rounds, IsCurrent: false, password => Matches(text, password))
            : null;
    }

    public string? Adopt(string hash) =>
        TagOf(hash, out _) is { } tag ? tag + hash : Read(hash) is null ? null : hash;

    private bool Matches(string text, NormalizedPassword password) =>
        Hasher.VerifyHashedPassword(this, text, password.Typed) != PasswordVerificationResult.Failed;

    private static string? Untagged(string storedHash, string tag) =>
        storedHash.StartsWith(tag, StringComparison.Ordinal) ? storedHash[tag.Length..] : null;

    /// <returns>Null where Identity did not make this text, or where comparing would take too long.</returns>
    private static string? TagOf(string text, out long rounds)
    {
        rounds = 0;
        Span<byte> bytes = stackalloc byte[V3HeaderBytes + MostBytes + MostBytes];
        if (text.Length > 4 * bytes.Length / 3 || !Convert.TryFromBase64String(text, bytes, out var length))
            return null;
        bytes = bytes[..length];

        if (length == V2Bytes && bytes[0] == 0)
        {
            // 1,000 iterations of SHA-1, whose blocks are 20 bytes: two for a key of 32.
            rounds = 1_000 * 2 / Sha1PerRound;
            return V2;
        }

        return length > V3HeaderBytes && bytes[0] == 1 && Rounds(bytes) is { } spent && (rounds = spent) >= 0
            ? V3
            : null;
    }

    // Identity's own layout: 0x01, then PRF, iterations and salt size (four bytes each, big-endian), salt, key.
    private static long? Rounds(ReadOnlySpan<byte> bytes)
    {
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        var salt = BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]);
        var key = bytes.Length - V3HeaderBytes - salt;
        if (iterations is < 1 or > MostIterations || salt is < FewestBytes or > MostBytes
            || key is < FewestBytes or > MostBytes)
        {
            return null;
        }

        return BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) switch
        {
            0 => RoundsOf(HashAlgorithmName.SHA1, iterations, key),
            1 => RoundsOf(HashAlgorithmName.SHA256, iterations, key),
            2 => RoundsOf(HashAlgorithmName.SHA512, iterations, key),
            _ => null,
        };
    }

    /// <summary>What PBKDF2 spends, in bcrypt's rounds.</summary>
    /// <param name="key">Its length in bytes.</param>
    public static long RoundsOf(HashAlgorithmName hash, long iterations, long key) => hash.Name switch
    {
        "SHA1" => iterations * Blocks(key, 20) / Sha1PerRound,
        "SHA256" => iterations * Blocks(key, 32) / Sha256PerRound,
        _ => iterations * Blocks(key, 64) / Sha512PerRound,
    };

    private static long Blocks(long bytes, int size) => (bytes + size - 1) / size;
}
