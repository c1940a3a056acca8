using System.Text;
using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>
/// A password that can be one at all: text, not empty and not too long. This is the only place that normalises.
/// A class without <c>ToString</c>, so that no log can print it.
/// </summary>
internal sealed class NormalizedPassword
{
    // NFKC composes at most four UTF-16 units (of the oldest scripts) into each that is left, and no more than eight
    // are allowed for. What is longer is too long without the work of normalising it.
    private const int Composed = 8;

    private NormalizedPassword(string typed, string text, int length) => (Typed, Text, Length) = (typed, text, length);

    /// <summary>As it was typed: what hashes from elsewhere were made of.</summary>
    public string Typed { get; }

    /// <summary>NIST SP 800-63B-3 §5.1.1.2: in NFKC, two keyboards' ways of typing a password are one.</summary>
    public string Text { get; }

    /// <summary>In Unicode code points.</summary>
    public int Length { get; }

    /// <summary>For comparing with words: without regard to case.</summary>
    public string Folded => Fold(Text);

    /// <summary>False where .NET runs without ICU: it then normalises nothing, and says nothing.</summary>
    public static bool CanNormalize => "\uFB01".Normalize(NormalizationForm.FormKC) == "fi";

    /// <summary>One that somebody chooses.</summary>
    public static Result<NormalizedPassword> From(string? typed) => From(typed, PasswordOptions.MaximumLength);

    /// <summary>
    /// One that somebody proves who they are with. It may have been chosen elsewhere, by other rules than ours.
    /// </summary>
    public static Result<NormalizedPassword> ToProve(string? typed) => From(typed, PasswordOptions.LongestProved);

    /// <param name="most">In Unicode code points.</param>
    private static Result<NormalizedPassword> From(string? typed, int most)
    {
        if (string.IsNullOrEmpty(typed))
            return AuthErrors.PasswordTooShort(PasswordOptions.ShortestMinimum);
        if (typed.Length > Composed * most)
            return AuthErrors.PasswordTooLong;
        if (!PlainText.IsWellFormed(typed))
            return AuthErrors.PasswordNotText;

        var text = typed.Normalize(NormalizationForm.FormKC);
        var length = text.EnumerateRunes().Count();
        return length > most
            ? AuthErrors.PasswordTooLong
            : new NormalizedPassword(typed, text, length);
    }

    /// <summary>A name or an address as <see cref="Folded"/> would show it.</summary>
    public static string Fold(string text) =>
        (PlainText.IsWellFormed(text) ? text.Normalize(NormalizationForm.FormKC) : text).ToLowerInvariant();
}
