using System.Collections.Frozen;

namespace AuthPortal.Passwords;

/// <summary>
/// The common passwords that the length rule alone would let through, in NFKC and lower case.
/// <c>build/common-passwords.mjs</c> makes the list.
/// </summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> List = new(() => Read().ToFrozenSet(StringComparer.Ordinal));

    public static bool Contains(string folded) => List.Value.Contains(folded);

    public static IEnumerable<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("CommonPasswords.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
