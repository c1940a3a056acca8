using AuthPortal.Languages;

namespace AuthPortal.Web;

/// <summary>A moment as people read it, on pages and in mail alike.</summary>
internal static class DateText
{
    /// <returns>To the minute, in UTC: <c>5 March 2031, 04:05 UTC</c>.</returns>
    public static string Of(DateTimeOffset at) => Language.Current.Write(at, Language.Current.Moment);

    /// <returns>To the day: <c>5 March 2031</c>.</returns>
    public static string DayOf(DateTimeOffset at) => Language.Current.Write(at, Language.Current.Day);
}
