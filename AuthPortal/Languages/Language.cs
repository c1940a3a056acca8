using System.Globalization;

namespace AuthPortal.Languages;

/// <summary>A language that the portal speaks.</summary>
/// <param name="Tag">BCP 47, as in <c>lang</c> and in the cookie.</param>
/// <param name="Name">In the language itself: whoever looks for it may read no other.</param>
/// <param name="Day">How a date is written.</param>
/// <param name="Moment">And with it the time, to the minute, in UTC.</param>
internal sealed record Language(string Tag, string Name, string Day, string Moment)
{
    public static readonly Language English = new("en", "English", "d MMMM yyyy", "d MMMM yyyy, HH:mm 'UTC'");

    /// <summary>In the order of the choice.</summary>
    public static readonly IReadOnlyList<Language> All =
    [
        English,
        new("de", "Deutsch", "d. MMMM yyyy", "d. MMMM yyyy, HH:mm 'UTC'"),
        new("es", "Español", "d 'de' MMMM 'de' yyyy", "d 'de' MMMM 'de' yyyy, HH:mm 'UTC'"),
        new("fr", "Français", "d MMMM yyyy", "d MMMM yyyy 'à' HH:mm 'UTC'"),
        new("ja", "日本語", "yyyy'年'M'月'd'日'", "yyyy'年'M'月'd'日' HH:mm (UTC)"),
        new("ar", "العربية", "d MMMM yyyy", "d MMMM yyyy، HH:mm 'UTC'"),
    ];

    /// <summary>Of the request, or of whoever asked for what is done after it; else English.</summary>
    public static Language Current => Find(CultureInfo.CurrentUICulture.Name) ?? English;

    public static Language? Find(string? tag) => All.FirstOrDefault(language => language.Tag == tag);

    public CultureInfo Culture => CultureInfo.GetCultureInfo(Tag);

    /// <summary>As in <c>dir</c>.</summary>
    public string Direction => Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>A moment in this language.</summary>
    /// <param name="pattern"><see cref="Day"/> or <see cref="Moment"/>.</param>
    public string Write(DateTimeOffset at, string pattern) => at.UtcDateTime.ToString(pattern, Culture);
}
