using System.Globalization;

namespace AuthPortal.Web.Brand;

/// <summary>A colour of sRGB, as CSS writes it.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static readonly Colour White = new(255, 255, 255);
    public static readonly Colour Black = new(0, 0, 0);

    /// <param name="text"><c>#rgb</c> or <c>#rrggbb</c>.</param>
    /// <returns>Null where it is neither.</returns>
    public static Colour? TryParse(string? text)
    {
        if (text is not ['#', .. var digits] || digits.Length is not (3 or 6) || !digits.All(char.IsAsciiHexDigit))
            return null;
        var full = digits.Length == 3 ? string.Concat(digits.Select(digit => new string(digit, 2))) : digits;
        var bytes = Convert.FromHexString(full);
        return new Colour(bytes[0], bytes[1], bytes[2]);
    }

    /// <summary>For the house's own, which are written well.</summary>
    public static Colour Parse(string text) => TryParse(text) ?? throw new FormatException(text);

    /// <summary>WCAG 2.2: from 1, which can't be told apart, to 21, black on white.</summary>
    public static double Contrast(Colour one, Colour other)
    {
        var (a, b) = (one.Luminance, other.Luminance);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>A figure of contrast in words; rounded down, so that none looks better than it is.</summary>
    public static string InWords(double contrast) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(contrast * 100) / 100:0.00}:1");

    /// <summary>The nearest to this one on the way to the other that satisfies.</summary>
    public Colour Towards(Colour other, Func<Colour, bool> satisfies)
    {
        for (var share = 0; share < 100; share++)
        {
            if (Mixed(other, share / 100.0) is var mixed && satisfies(mixed))
                return mixed;
        }

        return other;
    }

    /// <param name="share">Of the other, from 0 to 1.</param>
    public Colour Mixed(Colour other, double share)
    {
        return new Colour(Mix(Red, other.Red), Mix(Green, other.Green), Mix(Blue, other.Blue));

        byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * share));
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    /// <summary>WCAG 2.2's relative luminance.</summary>
    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte channel)
    {
        var part = channel / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
