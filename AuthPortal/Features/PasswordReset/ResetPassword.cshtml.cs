using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.PasswordReset;

/// <summary>What the form of a mailed link asks for.</summary>
public sealed record NewPasswordInput
{
    /// <summary>8 to 128 code points (NIST SP 800-63B-4 §3.1.1.2).</summary>
    [Required(ErrorMessage = "Choose a new password.")]
    [Display(Name = "New password"), DataType(DataType.Password)]
    public string NewPassword { get; init; } = "";
}

/// <summary>Where the mailed link leads. Opening it, as mail scanners do, changes nothing.</summary>
internal sealed class ResetPasswordModel(
    PasswordResetService resets, KnownDevices devices, FactorUndo undo) : PageModel
{
    [BindProperty]
    public NewPasswordInput Input { get; set; } = new();

    public bool Done { get; private set; }

    /// <summary>
    /// What was added to the account lately, each with the link that removes it at once; without one, who is signed in
    /// removes it: the mailbox alone must not get past what is older.
    /// </summary>
    public IReadOnlyList<RecentFactor> Added { get; private set; } = [];

    /// <summary>Whether the link is good.</summary>
    public bool Works { get; private set; }

    /// <summary>For password managers, which want to know whose password they keep.</summary>
    public string Email { get; private set; } = "";

    /// <summary>In the address alone, where the mail put it.</summary>
    private string Token => Request.Query["token"].ToString();

    /// <summary>Before every way to show the page, a form that was open too long included.</summary>
    public override async Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context)
    {
        var followed = await resets.FindAsync(Token, HttpContext.RequestAborted);
        Works = followed is not null;
        Email = followed?.User.Email ?? "";
    }

    public void OnGet() => Response.StatusCode = Works ? 200 : 400;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!Works || !ModelState.IsValid)
            return this.Refuse();

        var result = await resets.ResetAsync(Token, Input.NewPassword, Client.Of(HttpContext), ct);
        Done = result.Succeeded;
        if (result.Succeeded)
        {
            await devices.RememberResetAsync(HttpContext, result.Value);
            Added = await undo.ListAsync(result.Value, ct);
        }

        Works = result.Error != AuthErrors.InvalidToken;
        return result.Succeeded ? Page() : Works ? this.Refuse(result.Error) : this.Refuse();
    }
}
