using System.Security.Cryptography;
using System.Text;

namespace AuthPortal.Keys;

/// <summary>
/// HMAC-SHA256 under derived keys: what a table holds in place of a text that must not be read there, not even by
/// trying all there are. Not rotated by the calendar, since a row outlives it.
/// </summary>
internal sealed class KeyedDigests(KeyDerivation derivation)
{
    private const int KeyBytes = 32;

    /// <summary>By the secret that is listed first: the one to write.</summary>
    /// <param name="purpose">Whose texts; each has a key of its own.</param>
    public byte[] Of(string purpose, string text) => Of(purpose, derivation.Versions[0], text);

    /// <summary>By every listed secret: one of them is what was written.</summary>
    public byte[][] AllOf(string purpose, string text) =>
        [.. derivation.Versions.Select(version => Of(purpose, version, text))];

    private byte[] Of(string purpose, int version, string text) => HMACSHA256.HashData(
        derivation.Derive(new KeyName("digest:" + purpose, version, 0, 0), KeyBytes), Encoding.UTF8.GetBytes(text));
}
