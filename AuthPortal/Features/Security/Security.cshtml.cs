using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Security;

internal sealed class SecurityModel(PasswordChangeService passwords, SessionWriter writer) : PageModel
{
    [BindProperty]
    public ChangePasswordRequest Input { get; set; } = new();

    public bool Saved => Request.Query["saved"] == "true";

    public void OnGet() => Input = new ChangePasswordRequest { RevokeOtherSessions = true };

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var caller = CurrentUser.Of(User);
        var result = await passwords.ChangeAsync(caller, Input, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return this.RefuseCaller(result.Error);

        if (Input.RevokeOtherSessions)
            await writer.GoOnAloneAsync(HttpContext, caller, result.Value);
        return RedirectToPage(new { saved = "true" });
    }
}
