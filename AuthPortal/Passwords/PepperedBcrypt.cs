using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passwords;

/// <summary>
/// Our own scheme: <c>bcrypt-hmac-sha384:KEY:$2a$11$…</c>, KEY being the fingerprint of the HMAC's key.
/// bcrypt reads 72 bytes and stops, so it is given base64(HMAC-SHA-384(key, password)): 64 characters, whatever was
/// typed. The key keeps hashes stolen elsewhere from being tried against ours (password shucking).
/// </summary>
internal sealed class PepperedBcrypt : IPasswordScheme
{
    private const string Tag = "bcrypt-hmac-sha384:";
    private const int FingerprintLength = 8;

    private readonly Bcrypt _bcrypt;
    private readonly Dictionary<string, byte[]> _keys = [];
    private readonly string _first;

    public PepperedBcrypt(Bcrypt bcrypt, IOptions<PasswordOptions> options)
    {
        _bcrypt = bcrypt;
        Cost = options.Value.Cost;
        // Where no pepper is set, a constant: it keeps no secret, but sets our hashes apart. It always verifies, so
        // that a pepper set later locks nobody out.
        byte[][] keys = [.. options.Value.Pepper.Select(Encoding.UTF8.GetBytes),
            "AuthPortal: passwords without a pepper"u8.ToArray()];
        foreach (var key in keys)
            _keys.TryAdd(Fingerprint(key), key);
        _first = Fingerprint(keys[0]);
    }

    public int Cost { get; }

    public long Rounds => 1L << Cost;

    public string Hash(NormalizedPassword password) =>
        $"{Tag}{_first}:{_bcrypt.Hash(Input(_keys[_first], password), Cost)}";

    public StoredPassword? Read(string storedHash)
    {
        const int hashStart = FingerprintLength + 1;
        if (!storedHash.StartsWith(Tag, StringComparison.Ordinal))
            return null;
        var rest = storedHash[Tag.Length..];
        if (rest.Length < hashStart || rest[FingerprintLength] != ':')
            return null;

        var fingerprint = rest[..FingerprintLength];
        var hash = rest[hashStart..];
        return _keys.TryGetValue(fingerprint, out var key) && Bcrypt.CostOf(hash) is { } cost
            ? new StoredPassword(1L << cost, fingerprint == _first && cost >= Cost,
                password => _bcrypt.Matches(Input(key, password), hash, cost))
            : null;
    }

    private static string Input(byte[] key, NormalizedPassword password) =>
        Convert.ToBase64String(HMACSHA384.HashData(key, Encoding.UTF8.GetBytes(password.Text)));

    // Another hash function than the input's: no password can make the two meet.
    private static string Fingerprint(byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, "fingerprint"u8))[..FingerprintLength];
}
