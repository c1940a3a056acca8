using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.EmailChange;

/// <summary>The form that asks for another address.</summary>
public sealed record NewAddressForm
{
    /// <summary>One mailbox.</summary>
    [Required(ErrorMessage = "Enter your new email address."), EmailAddressText, Display(Name = "New email")]
    public string NewEmail { get; init; } = "";

    /// <summary>That it is still them at the keyboard.</summary>
    [Required(ErrorMessage = "Enter your current password.")]
    [Display(Name = "Current password"), DataType(DataType.Password)]
    public string CurrentPassword { get; init; } = "";
}

internal sealed class NewAddressModel(PasswordProof proof, EmailChangeRequests requests) : PageModel
{
    public CurrentUser Caller => CurrentUser.Of(User);

    [BindProperty]
    public NewAddressForm Input { get; set; } = new();

    public bool Asked => Request.Query["asked"] == "true";

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var client = Client.Of(HttpContext);
        var proved = await proof.CheckAsync(Caller, Input.CurrentPassword, client, ct);
        if (!proved.Succeeded)
            return proved.Error == AuthErrors.Unauthorized ? Challenge() : this.Refuse(proved.Error);

        var asked = await requests.AskAsync(Caller, Input.NewEmail, returnUrl: null, client, ct);
        if (!asked.Succeeded)
            return asked.Error == AuthErrors.Unauthorized ? Challenge() : this.Refuse(asked.Error);
        return RedirectToPage(new { asked = "true" });
    }
}
