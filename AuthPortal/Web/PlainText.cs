using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;

namespace AuthPortal.Web;

/// <summary>
/// Text that every part of the portal can hold: well-formed UTF-16 without NUL or U+FFFE. Any of them would be a
/// 500 further in (PostgreSQL 22021, EncoderFallbackException, Normalize), so they are refused at the edge.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlainTextAttribute : ValidationAttribute
{
    public PlainTextAttribute() =>
        ErrorMessage = "Enter plain text: this holds a control character.";

    public override bool IsValid(object? value) =>
        value is not string text
        || (PlainText.IsText(text) && !text.Any(letter => char.IsControl(letter) || PlainText.TurnsText(letter)));
}

internal static class PlainText
{
    /// <summary>
    /// Whether the text has no NUL, no half of a surrogate pair, and not the one code point Normalize rejects.
    /// </summary>
    public static bool IsText(ReadOnlySpan<char> text) => !text.Contains('\0') && IsWellFormed(text);

    /// <summary>
    /// Whether it overrides the direction of what stands beside it (Unicode TR 9 §2): a name with one would turn round
    /// the sentence that it is shown in.
    /// </summary>
    public static bool TurnsText(char letter) => letter is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';

    /// <summary>Whether the text is whole characters that <see cref="string.Normalize()"/> takes.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) != System.Buffers.OperationStatus.Done)
                return false;
            if (rune.Value == 0xFFFE)
                return false;
            text = text[used..];
        }

        return true;
    }

    /// <summary>
    /// Whether all strings in it are whole characters: of a lone surrogate neither UTF-8 nor a writer of JSON knows.
    /// </summary>
    public static bool IsWellFormed(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => IsWellFormed(json.GetString()),
                JsonValueKind.Array => json.EnumerateArray().All(IsWellFormed),
                JsonValueKind.Object => json.EnumerateObject()
                    .All(member => IsWellFormed(member.Name) && IsWellFormed(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false; // an escaped lone surrogate
        }
    }

    /// <summary>What a stranger sent, made safe to keep: bounded, one line, whole characters.</summary>
    public static string? Tame(string? text, int maxLength)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var tame = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (tame.Length + rune.Utf16SequenceLength > maxLength)
                break;
            tame.Append(Rune.IsControl(rune) ? "?" : rune.ToString());
        }

        return tame.ToString();
    }
}
