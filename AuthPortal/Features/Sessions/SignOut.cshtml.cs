using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Sessions;

internal sealed class SignOutModel(SignOutService signOut) : PageModel
{
    private const string Entry = "/sign-in";

    /// <summary>
    /// Whoever is signed out already, say from another device, is where they wanted to be. It is told to those who come
    /// from a page of ours: anybody can send somebody the address.
    /// </summary>
    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await signOut.FindAsync(HttpContext) is null)
            context.Result = Request.IsFromOwnPage() ? Goodbye() : Redirect(Entry);
        else
            await next();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await signOut.SignOutAsync(HttpContext, ct);
        return Goodbye();
    }

    private RedirectResult Goodbye() => this.Tell(Notice.SignedOut, Entry, reader: null);
}
