using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NSec.Cryptography;

namespace AuthPortal.Passwords;

/// <summary>
/// Hashes brought from Better Auth, stored as <c>better-auth-scrypt:SALT:KEY</c>: scrypt (RFC 7914) of the password in
/// NFKC. Its salt is the hex digits themselves, not the bytes they spell. Its parameters are fixed, so that no import
/// can ask for more work than this.
/// </summary>
internal sealed partial class BetterAuthScrypt : IPasswordScheme
{
    private const string Tag = "better-auth-scrypt:";
    private const int SaltLength = 32;
    private const int KeyBytes = 64;

    // Measured: 73 ms, where bcrypt's cost 10 took 76.
    private const long AsRounds = 1024;

    private static readonly PasswordBasedKeyDerivationAlgorithm Scrypt = PasswordBasedKeyDerivationAlgorithm.Scrypt(
        new ScryptParameters { Cost = 16384, BlockSize = 16, Parallelization = 1 });

    public StoredPassword? Read(string storedHash)
    {
        if (!storedHash.StartsWith(Tag, StringComparison.Ordinal) || !WellFormed().IsMatch(storedHash[Tag.Length..]))
            return null;
        var salt = Encoding.ASCII.GetBytes(storedHash, Tag.Length, SaltLength);
        var key = Convert.FromHexString(storedHash.AsSpan(Tag.Length + SaltLength + 1));
        return new StoredPassword(AsRounds, IsCurrent: false, password => Matches(password, salt, key));
    }

    public string? Adopt(string hash) =>
        WellFormed().IsMatch(hash) ? Tag + hash : Read(hash) is null ? null : hash;

    private static bool Matches(NormalizedPassword password, byte[] salt, byte[] key) =>
        CryptographicOperations.FixedTimeEquals(
            Scrypt.DeriveBytes(Encoding.UTF8.GetBytes(password.Text), salt, KeyBytes), key);

    [GeneratedRegex(@"\A[0-9a-f]{32}:[0-9a-f]{128}\z")]
    private static partial Regex WellFormed();
}
