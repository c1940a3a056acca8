using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Sessions;

internal sealed class SignOutModel(SignOutService signOut) : PageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await signOut.SignOutAsync(HttpContext, ct);
        return Redirect("/sign-in");
    }
}
