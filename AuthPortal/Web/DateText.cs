using System.Globalization;

namespace AuthPortal.Web;

/// <summary>A moment as people read it, on pages and in mail alike.</summary>
internal static class DateText
{
    /// <returns>To the minute, in UTC: <c>5 March 2031, 04:05 UTC</c>.</returns>
    public static string Of(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
