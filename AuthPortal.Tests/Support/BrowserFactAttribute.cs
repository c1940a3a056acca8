using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A test in a real browser. Without Chromium it is skipped by name; <c>AUTHPORTAL_REQUIRE_BROWSER=1</c> runs it all
/// the same, and so makes the missing browser a failure.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Looks for Chromium.</summary>
    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium) && Environment.GetEnvironmentVariable("AUTHPORTAL_REQUIRE_BROWSER") != "1")
            Skip = $"needs Chromium at {Chromium} (apt-get install chromium), or where AUTHPORTAL_CHROMIUM names it";
    }

    /// <summary>
    /// Where the browser is, if it is anywhere. Debian has Chromium without its windows too
    /// (<c>chromium-headless-shell</c>), which shows pages for two thirds of the work.
    /// </summary>
    public static string Chromium { get; } =
        Environment.GetEnvironmentVariable("AUTHPORTAL_CHROMIUM") is { Length: > 0 } named ? named
        : File.Exists("/usr/bin/chromium-headless-shell") ? "/usr/bin/chromium-headless-shell"
        : "/usr/bin/chromium";
}
