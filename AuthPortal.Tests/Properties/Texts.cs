using CsCheck;

namespace AuthPortal.Tests.Properties;

/// <summary>Text as a stranger may send it.</summary>
internal static class Texts
{
    /// <summary>What has broken a parser, a normaliser or a database somewhere.</summary>
    private static readonly string[] Notorious =
    [
        "\0", "\r\n", "\t", "\u007F", "\u0085", "\u00A0", "\u00AD", "\u200B", "\u202E", "\u2066", "\u2028", "\u3002",
        "\uFEFF", "\uFFFD", "\uFFFE", "\uFFFF", "\uD800", "\uDC00", "\uFF20", "\uFF0E", "\u212A", "\u0130", "\u0131", "ß",
        "ſ", "ﬁ", "ü", "e\u0301", "\u0301", "漢", "א", "😀", "👩\u200D👩\u200D👧", "\U00010000", "\U0010FFFF",
    ];

    /// <summary>One character or half of one, and seldom a decent one.</summary>
    public static readonly Gen<string> Character = Gen.Frequency(
        (8, Gen.Char[' ', '~'].Select(c => $"{c}")),
        (1, Gen.Char['\0', '\u001F'].Select(c => $"{c}")),
        (1, Gen.Char['\u007F', '\u00FF'].Select(c => $"{c}")),
        (2, Gen.Char.Select(c => $"{c}")),
        (4, Gen.OneOf(Notorious)));

    public static readonly Gen<string> Any = Character.Array[0, 40].Select(string.Concat);
}
