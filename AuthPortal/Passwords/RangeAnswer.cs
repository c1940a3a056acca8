using System.Buffers;
using System.Globalization;

namespace AuthPortal.Passwords;

/// <summary>What a range service answers: a line for each known password of the range, <c>SUFFIX:COUNT</c>.</summary>
internal static class RangeAnswer
{
    /// <summary>Ten times the longest that Pwned Passwords gives.</summary>
    public const int MaxBytes = 512 * 1024;

    private const int SuffixLength = 35;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <param name="suffix">In upper case.</param>
    /// <exception cref="FormatException">It is no such answer; an empty one is none either.</exception>
    public static bool Lists(string answer, ReadOnlySpan<char> suffix)
    {
        var (lines, listed) = (0, false);
        foreach (var line in answer.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty)
                continue;
            lines++;
            listed |= CountOf(line) > 0 && line[..SuffixLength].Equals(suffix, StringComparison.OrdinalIgnoreCase);
        }

        return lines > 0 ? listed : throw new FormatException();
    }

    /// <returns>0 for a line that is padding.</returns>
    private static long CountOf(ReadOnlySpan<char> line) =>
        line.Length > SuffixLength + 1 && line[SuffixLength] == ':'
            && !line[..SuffixLength].ContainsAnyExcept(HexDigits)
            && long.TryParse(line[(SuffixLength + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new FormatException();
}
