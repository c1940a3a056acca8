using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignIn;

/// <summary>The second step.</summary>
public sealed record SecondFactorInput
{
    /// <summary>Six digits; blanks don't matter.</summary>
    [Required(ErrorMessage = "Enter the code.")]
    [StringLength(20, ErrorMessage = "This is too long."), Display(Name = "Code")]
    public string Code { get; init; } = "";

    /// <summary>Whether this browser is to be asked for the password alone from now on.</summary>
    public bool TrustDevice { get; init; }
}

internal sealed class SecondFactorModel(
    SecondStep step,
    PasskeySignIn passkeys,
    PendingSignIns pending,
    BrowserSession browser,
    IOptions<PortalOptions> portal) : PendingPage(pending, browser, portal)
{
    [BindProperty]
    public SecondFactorInput Input { get; set; } = new();

    /// <summary>What of theirs will do.</summary>
    public Proofs Accepted => Half.Next.Accepted;

    public IActionResult OnGet() => Half.Next == NextStep.Enrol ? Redirect(PageFor(Half.Next)) : Page();

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => EnterAsync(async _ =>
    {
        var admission = await step.TakeAsync(Half, Proofs.Totp, Input.Code, Input.TrustDevice, Response, ct);
        return admission.Succeeded ? admission : admission.Error with { Field = nameof(Input.Code) };
    });

    /// <param name="assertion">What the browser made of the passkey's options.</param>
    public Task<IActionResult> OnPostPasskeyAsync(string? assertion, CancellationToken ct)
    {
        ModelState.Clear();
        return EnterAsync(async _ =>
        {
            var proved = await passkeys.ProveAsync(Person, assertion, HttpContext, ct);
            return proved.Succeeded ? await step.ProveAsync(Half, Proofs.Passkey, proved.Value, ct) : proved.Error;
        });
    }
}
