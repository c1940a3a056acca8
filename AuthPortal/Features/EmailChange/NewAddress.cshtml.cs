using System.ComponentModel.DataAnnotations;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;

namespace AuthPortal.Features.EmailChange;

/// <summary>The form that asks for another address.</summary>
public sealed record NewAddressForm
{
    /// <summary>One mailbox.</summary>
    [Required(ErrorMessage = "Enter your new email address."), EmailAddressText, Display(Name = "New email")]
    public string NewEmail { get; init; } = "";

    /// <summary>That it is still them at the keyboard; of those who have one.</summary>
    [Display(Name = "Current password"), DataType(DataType.Password)]
    public string? CurrentPassword { get; init; }
}

internal sealed class NewAddressModel(UserStore users, FreshProof proof, EmailChangeRequests requests)
    : CallerPage(users)
{
    [BindProperty]
    public NewAddressForm Input { get; set; } = new();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var client = Client.Of(HttpContext);
        var proved = await proof.CheckAsync(Caller, Input.CurrentPassword ?? "", client, ct);
        if (!proved.Succeeded)
            return this.RefuseCaller(proved.Error);

        var asked = await requests.AskAsync(Caller, Input.NewEmail, returnUrl: null, client, ct);
        if (!asked.Succeeded)
            return this.RefuseCaller(asked.Error);
        return this.Tell(Notice.LinkMailedToNewAddress, "/account/email", Caller.Id);
    }
}
