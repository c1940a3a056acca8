using System.Globalization;
using AuthPortal.Languages;
using AuthPortal.Passwords;
using AuthPortal.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace AuthPortal.Features;

/// <summary>
/// What a password's field has besides: a button that shows what was typed, and a line for what <c>forms.js</c> finds
/// while somebody types. Without a script there is neither.
/// </summary>
internal static class PasswordField
{
    /// <summary>An eye; struck through while the password is shown.</summary>
    private const string Eye =
        """
        <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
        <path d="M2.5 12C6 5.5 18 5.5 21.5 12 18 18.5 6 18.5 2.5 12z"/><circle cx="12" cy="12" r="3"/>
        <path class="struck" d="M4 4l16 16"/></svg>
        """;

    /// <summary>Gives the script its words and, of a new password, what the portal will demand of it.</summary>
    public static void Prepare(TagBuilder input, int? minimum, HttpContext page)
    {
        input.MergeAttribute("data-caps", page.Say("Caps Lock is on."));
        if (minimum is not { } least)
            return;

        input.MergeAttribute("data-least", Number(least));
        input.MergeAttribute("data-most", Number(PasswordOptions.MaximumLength));
        input.MergeAttribute("data-short", page.Say("Too short: {0} of at least {1} characters."));
        input.MergeAttribute("data-long", page.Say(AuthErrors.PasswordTooLong.Advice));
        input.MergeAttribute("data-personal", page.Say(AuthErrors.PasswordIsPersonal.Advice));
        input.MergeAttribute("data-enough", page.Say("Long enough."));
    }

    public static IHtmlContent Around(TagBuilder input, string id, HttpContext page)
    {
        var secret = new TagBuilder("div");
        secret.AddCssClass("secret");
        secret.InnerHtml.AppendHtml(input).AppendHtml(Button(id, page));

        var told = new TagBuilder("p");
        told.AddCssClass("hint told");
        told.MergeAttribute("id", $"{id}-told");
        told.MergeAttribute("aria-live", "polite");
        return new HtmlContentBuilder().AppendHtml(secret).AppendHtml(told);
    }

    private static TagBuilder Button(string id, HttpContext page)
    {
        var button = new TagBuilder("button");
        button.AddCssClass("reveal");
        button.MergeAttribute("type", "button");
        button.MergeAttribute("aria-label", page.Say("Show password"));
        button.MergeAttribute("aria-pressed", "false");
        button.MergeAttribute("aria-controls", id);
        button.MergeAttribute("data-reveal", "");
        button.MergeAttribute("hidden", "hidden");
        button.InnerHtml.AppendHtml(Eye);
        return button;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
