using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features;

/// <summary>How the page of somebody who is signed in answers a refusal.</summary>
internal static class CallerRefusals
{
    /// <summary>
    /// To sign-in where the session is over; to the page that confirms who they are where it is only old, and back
    /// with what was typed; else the form again.
    /// </summary>
    /// <param name="prefix">The name of the bound property that the form's fields belong to.</param>
    public static IActionResult RefuseCaller(this PageModel page, AuthError error, string prefix = "Input")
    {
        if (error == AuthErrors.Unauthorized)
            return page.Challenge();
        if (error != AuthErrors.SessionNotFresh)
            return page.Refuse(error, prefix);

        page.HttpContext.RequestServices.GetRequiredService<KeptForm>().Keep(page);
        return new RedirectResult("/step-up" + QueryString.Create("returnUrl", page.Request.Path));
    }
}
