using AuthPortal.Tokens;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Sessions;

internal sealed class SignOutModel(SignOutService signOut) : PageModel
{
    private const string Goodbye = "/sign-in?signedOut=true";

    /// <summary>Whoever is signed out already, say from another device, is where they wanted to be.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (CurrentUser.TryOf(User) is null)
            context.Result = Redirect(Goodbye);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await signOut.SignOutAsync(HttpContext, ct);
        return Redirect(Goodbye);
    }
}
