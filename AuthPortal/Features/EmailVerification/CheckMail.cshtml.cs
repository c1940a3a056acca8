using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.EmailVerification;

/// <summary>Where signing up leads to, and from where another link is asked for.</summary>
internal sealed class CheckMailModel(VerificationRequest request) : PageModel
{
    [BindProperty]
    public SendVerificationEmailRequest Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public bool Sent { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var refusal = await request.SendAsync(Input.Email, ReturnUrl, caller: null, Client.Of(HttpContext), ct);
        if (refusal is not null)
            return this.Refuse(refusal);

        Sent = true;
        return Page();
    }
}
