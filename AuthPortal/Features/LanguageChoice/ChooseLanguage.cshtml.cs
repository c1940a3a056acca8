using AuthPortal.Languages;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.LanguageChoice;

/// <summary>Takes the choice that every page's footer offers, and leads back there.</summary>
internal sealed class ChooseLanguageModel(AuthCookies cookies, IOptions<PortalOptions> portal) : PageModel
{
    /// <summary>A year: it is asked again when it is gone, and says nothing of whoever chose it.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(365);

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string WayOn => Web.ReturnUrl.Safe(ReturnUrl, portal.Value) ?? "/";

    public IActionResult OnPost(string? language)
    {
        if (Language.Find(language) is not { } chosen)
            return this.Refuse();
        cookies.SetLanguage(Response, chosen.Tag, Kept);
        return Redirect(WayOn);
    }
}
