using System.Security.Cryptography;
using System.Text;

namespace AuthPortal.Keys;

/// <summary>What a secret must be to sign anything.</summary>
internal static class SecretRules
{
    public const string HowToMake = "`openssl rand -base64 32`";

    private const int LeastBytes = 32;

    // Fewer than random text ever has: 32 random decimal digits fall below it once in sixteen million.
    private const int LeastDistinctCharacters = 6;

    // 32 random decimal digits have 28 or more, nearly always; two words typed again and again have fewer than 20.
    private const int LeastSurprises = 20;
    private const int Piece = 4;

    private static readonly string[] Rows =
    [
        .. from row in (string[])
           [
               "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop",
               "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
           ]
           from each in (string[])[row, new string([.. row.Reverse()])]
           select each,
    ];

    // From guides and example files; a random value meets none of them. Spelled without separators.
    private static readonly string[] Samples =
    [
        "betterauthsecret", "changeme", "changethis", "replacethis", "replaceme", "yoursecret", "yoursupersecret",
        "supersecret", "mysecret", "secretkey", "developmentonly", "developmentsecret", "example", "placeholder",
        "password", "authportal", "0123456789", "1234567890", "abcdefghij",
    ];

    public static string Make() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(LeastBytes));

    /// <summary>Why this value may not be a secret, in one sentence that does not hold it; null where it may.</summary>
    public static string? Problem(string variable, string value, bool samplesAllowed)
    {
        if (Encoding.UTF8.GetByteCount(value) < LeastBytes)
            return $"{variable} holds a secret under {LeastBytes} bytes: set one that {HowToMake} prints.";

        if (!samplesAllowed && IsSample(value))
        {
            return $"{variable} holds a sample value that anybody can look up or guess: set one that "
                + $"{HowToMake} prints.";
        }

        return null;
    }

    private static bool IsSample(string value)
    {
        var plain = value.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal)
            .Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        return value.Distinct().Count() < LeastDistinctCharacters
            || CountSurprises(value.ToLowerInvariant()) < LeastSurprises
            || Samples.Any(sample => plain.Contains(sample, StringComparison.Ordinal));
    }

    /// <summary>
    /// How many of its characters could not be foretold from those before: not those that go on a run of the alphabet,
    /// of the digits or of a keyboard's row, nor those of a piece that was there before, nor the third of the same.
    /// </summary>
    private static int CountSurprises(string value)
    {
        var surprises = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var isThird = i >= 2 && value[i] == value[i - 1] && value[i] == value[i - 2];
            if (!isThird && !GoesOn(value, i) && !WasThere(value, i))
                surprises++;
        }

        return surprises;
    }

    /// <summary>Whether the four characters that end there stand in a row somewhere, forwards or backwards.</summary>
    private static bool GoesOn(string value, int end) =>
        end >= Piece - 1
        && Rows.Any(row => row.Contains(value.Substring(end - Piece + 1, Piece), StringComparison.Ordinal));

    /// <summary>Whether the four characters that end there stand somewhere before, overlapping or not.</summary>
    private static bool WasThere(string value, int end) =>
        end >= Piece && value.AsSpan(0, end).IndexOf(value.AsSpan(end - Piece + 1, Piece)) >= 0;
}
