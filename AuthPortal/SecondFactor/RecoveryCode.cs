using System.Security.Cryptography;

namespace AuthPortal.SecondFactor;

/// <summary>
/// A code for the day the authenticator app is lost: ten characters of Crockford's Base32, fifty random bits, shown as
/// <c>XXXXX-XXXXX</c>.
/// </summary>
internal static class RecoveryCode
{
    private const int Length = 10;

    // Without I, L, O and U: who reads them off paper takes the first three for 1, 1 and 0, and so does Canonical.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New()
    {
        var code = RandomNumberGenerator.GetString(Alphabet, Length);
        return $"{code[..(Length / 2)]}-{code[(Length / 2)..]}";
    }

    /// <param name="typed">In any case, script and width, with or without dashes and blanks.</param>
    /// <returns>As it is compared; null for what is no code.</returns>
    public static string? Canonical(string typed)
    {
        var code = string.Concat(TypedCode.Fold(typed)
            .Select(c => char.ToUpperInvariant(c) switch { 'O' => '0', 'I' or 'L' => '1', var other => other }));
        return code.Length == Length && code.All(Alphabet.Contains) ? code : null;
    }
}
