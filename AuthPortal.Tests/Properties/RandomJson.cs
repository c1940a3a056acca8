using System.Globalization;
using CsCheck;

namespace AuthPortal.Tests.Properties;

/// <summary>JSON values as no honest client writes them, and most of them well-formed.</summary>
internal static class RandomJson
{
    private static readonly Gen<string> Number = Gen.Frequency(
        (3, Gen.OneOf("0", "-0", "1", "-1", "1.5", "1e999", "-1E-999", "123456789012345678901234567890", "2147483648", "0.1e+1")),
        (1, Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture))));

    public static readonly Gen<string> Text = Gen.Select(Texts.Any, Gen.Bool, Quote);

    /// <summary>NUL, and half a character: in JSON they can be written, in PostgreSQL they can't be kept.</summary>
    public static readonly Gen<string> TextThatIsNone =
        Gen.Select(Texts.Any, Gen.OneOf("\0", "\uD800", "\uDC00", "\uFFFE"), Texts.Any, (before, bad, after) => Quote($"{before}x{bad}x{after}", escaped: true));

    public static readonly Gen<string> Any = Gen.Recursive<string>((depth, self) => depth > 3
        ? Scalar()
        : Gen.Frequency(
            (8, Scalar()),
            (2, self.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
            (2, Gen.Select(Text, self, (name, value) => $"{name}:{value}").Array[0, 4].Select(all => $"{{{string.Join(',', all)}}}")),
            (1, Gen.Int[1, 200].Select(n => new string('[', n) + new string(']', n)))));

    public static readonly Gen<string> NotText = Any.Where(json => json[0] != '"' && json != "null");

    public static readonly Gen<string> NotBoolean = Any.Where(json => json is not ("true" or "false" or "null"));

    public static readonly Gen<string> NotObject = Any.Where(json => json[0] != '{' && json != "null");

    /// <param name="escaped">All but plain ASCII written as \uXXXX; else as it is, control characters too.</param>
    public static string Quote(string text, bool escaped) => $"\"{string.Concat(text.Select(c => c switch
    {
        '"' or '\\' => $"\\{c}",
        > '\u001F' and < '\u007F' => $"{c}",
        _ when escaped => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => $"{c}",
    }))}\"";

    private static Gen<string> Scalar() => Gen.Frequency((4, Text), (2, Number), (2, Gen.OneOf("null", "true", "false", "\"\"")));
}
