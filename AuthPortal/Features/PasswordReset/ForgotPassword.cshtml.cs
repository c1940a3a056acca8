using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.PasswordReset;

internal sealed class ForgotPasswordModel(PasswordResetService resets) : PageModel
{
    [BindProperty]
    public RequestPasswordResetRequest Input { get; set; } = new();

    public bool Sent { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var refusal = await resets.RequestAsync(Input.Email, redirectTo: null, Client.Of(HttpContext), ct);
        if (refusal is not null)
            return this.Refuse(refusal);

        Sent = true;
        return Page();
    }
}
