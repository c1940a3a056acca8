using AuthPortal.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace AuthPortal.Features;

/// <summary>A moment on a page: for people to read, and for machines.</summary>
internal static class TimeTag
{
    public static IHtmlContent Of(DateTimeOffset at) => Of(at, DateText.Of(at));

    public static IHtmlContent OfDay(DateTimeOffset at) => Of(at, DateText.DayOf(at));

    private static TagBuilder Of(DateTimeOffset at, string words)
    {
        var time = new TagBuilder("time");
        time.MergeAttribute("datetime", at.ToString("O"));
        time.InnerHtml.Append(words);
        return time;
    }
}
