using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Sessions;

internal sealed class SignOutModel(SignOutService signOut) : PageModel
{
    private const string Goodbye = "/sign-in?signedOut=true";

    /// <summary>Whoever is signed out already, say from another device, is where they wanted to be.</summary>
    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await signOut.FindAsync(HttpContext) is null)
            context.Result = Redirect(Goodbye);
        else
            await next();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await signOut.SignOutAsync(HttpContext, ct);
        return Redirect(Goodbye);
    }
}
