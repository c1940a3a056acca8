using AuthPortal.Languages;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Web;

/// <summary>
/// How a form answers a refusal: the same page, the words beside the field, everything typed but passwords kept.
/// </summary>
internal static class PageRefusals
{
    /// <param name="prefix">The name of the bound property that the form's fields belong to.</param>
    public static PageResult Refuse(this PageModel page, AuthError error, string prefix = "Input")
    {
        var words = page.HttpContext.Say(error.Advice);
        page.ModelState.AddModelError(error.Field is null ? "" : $"{prefix}.{error.Field}", words);
        error.SayWhen(page.Response);
        return page.Refuse(error.RetryAfter is null ? StatusCodes.Status400BadRequest : error.Status);
    }

    /// <summary>For a form whose fields say themselves what is wrong.</summary>
    public static PageResult Refuse(this PageModel page, int status = StatusCodes.Status400BadRequest)
    {
        page.Response.StatusCode = status;
        return page.Page();
    }
}
