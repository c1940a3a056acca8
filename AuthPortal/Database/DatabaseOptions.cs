using System.Globalization;

namespace AuthPortal.Database;

/// <summary>Section <c>Database</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>
    /// How long opening and reading wait for a PostgreSQL that is restarting or waking up.
    /// Written as seconds (<c>15</c>) or as a time span (<c>00:00:15</c>).
    /// Not public, or the binder would read it, too.
    /// </summary>
    internal TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The binder would read <c>15</c> as fifteen days.</summary>
    public static bool TryReadTime(string text, out TimeSpan time)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out time);

        time = TimeSpan.FromSeconds(Math.Min(seconds, 1e6));
        return true;
    }
}
