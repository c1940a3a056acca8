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
            || RepeatsItself(value)
            || Samples.Any(sample => plain.Contains(sample, StringComparison.Ordinal));
    }

    // A text is a shorter one written several times exactly where it stands within itself doubled.
    private static bool RepeatsItself(string value) =>
        (value + value).IndexOf(value, 1, StringComparison.Ordinal) < value.Length;
}
