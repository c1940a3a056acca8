using System.Globalization;
using System.Text;
using AuthPortal.Web;

namespace AuthPortal.SecondFactor;

/// <summary>
/// A code as somebody typed it: by an Arabic keyboard, a Japanese input method, from paper or with a gap. It is folded
/// before it is compared, so that a digit is a digit in every script and width.
/// </summary>
internal static class TypedCode
{
    // A Japanese keyboard's long vowel, which is on the key of the dash; and the minus, which is no dash to Unicode.
    private const string MoreDashes = "\u30FC\u2212";

    /// <returns>The same in ASCII digits and the letters that were typed, without blanks, dashes and marks.</returns>
    public static string Fold(string typed)
    {
        if (!PlainText.IsWellFormed(typed))
            return typed;
        var folded = new StringBuilder();
        foreach (var rune in typed.Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.DecimalDigitNumber:
                    folded.Append((int)Rune.GetNumericValue(rune));
                    break;
                case UnicodeCategory.DashPunctuation or UnicodeCategory.Format:
                    break;
                case var _ when Rune.IsWhiteSpace(rune) || MoreDashes.Contains($"{rune}", StringComparison.Ordinal):
                    break;
                default:
                    folded.Append(rune);
                    break;
            }
        }

        return $"{folded}";
    }
}
