using AuthPortal.Languages;

namespace AuthPortal.Features;

/// <summary>A browser and its system in words, as far as the browser says; it may say what it likes.</summary>
internal static class UserAgentText
{
    // The first that fits counts: most browsers name those they descend from as well.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"), ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iOS"), ("iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"),
        ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    public static Phrase InWords(string? userAgent)
    {
        // Every browser calls itself Mozilla, and hardly a program does.
        if (userAgent?.StartsWith("Mozilla/", StringComparison.Ordinal) is not true)
            return "A program";

        Phrase browser = Find(Browsers, userAgent) ?? "A browser";
        return Find(Systems, userAgent) is { } system ? new Phrase("{0} on {1}", browser, system) : browser;
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
