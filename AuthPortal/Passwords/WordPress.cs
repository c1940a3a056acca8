using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthPortal.Passwords;

/// <summary>
/// Hashes brought from WordPress: since 6.8 <c>$wp$2y$…</c>, bcrypt of a keyed digest; before it phpass' <c>$P$…</c>
/// (elsewhere <c>$H$…</c>), many rounds of MD5.
/// </summary>
internal sealed partial class WordPress(Bcrypt bcrypt) : IPasswordScheme
{
    private const string Prefix = "$wp";
    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int MostCost = 20; // 2^20 of MD5: a fifth of a second
    private const int PerRound = 700; // of MD5, in the time of one round of bcrypt

    private static readonly byte[] Key = "wp-sha384"u8.ToArray();

    public StoredPassword? Read(string storedHash)
    {
        var inner = storedHash.StartsWith(Prefix, StringComparison.Ordinal) ? storedHash[Prefix.Length..] : "";
        if (Bcrypt.CostOf(inner) is { } cost)
        {
            return new StoredPassword(
                1L << cost, IsCurrent: false, password => bcrypt.Matches(DigestOf(password), inner, cost));
        }

        if (!Phpass().IsMatch(storedHash) || Alphabet.IndexOf(storedHash[3]) is not (<= MostCost and var rounds))
            return null;
        return new StoredPassword(
            (1L << rounds) / PerRound, IsCurrent: false, password => Matches(password, storedHash, 1 << rounds));
    }

    private static string DigestOf(NormalizedPassword password) =>
        Convert.ToBase64String(HMACSHA384.HashData(Key, Encoding.UTF8.GetBytes(password.Typed.Trim())));

    [SuppressMessage("Security", "CA5351", Justification = "Their hash, compared once and then made anew in ours.")]
    private static bool Matches(NormalizedPassword password, string storedHash, int rounds)
    {
        var typed = Encoding.UTF8.GetBytes(password.Typed);
        var digest = MD5.HashData([.. Encoding.ASCII.GetBytes(storedHash[4..12]), .. typed]);
        for (var round = 0; round < rounds; round++)
            digest = MD5.HashData([.. digest, .. typed]);
        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(InTheirBase64(digest)), Encoding.ASCII.GetBytes(storedHash[12..]));
    }

    /// <summary>Six bits a letter as elsewhere, the lowest first.</summary>
    private static string InTheirBase64(byte[] bytes)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += 3)
        {
            var left = Math.Min(3, bytes.Length - at);
            var value = bytes[at] | (left > 1 ? bytes[at + 1] << 8 : 0) | (left > 2 ? bytes[at + 2] << 16 : 0);
            for (var letter = 0; letter <= left; letter++, value >>= 6)
                text.Append(Alphabet[value & 63]);
        }

        return $"{text}";
    }

    [GeneratedRegex(@"\A\$[PH]\$[5-9A-Z][./0-9A-Za-z]{30}\z")]
    private static partial Regex Phpass();
}
