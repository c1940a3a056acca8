using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignIn;

/// <summary>The second step, on the day the app is lost.</summary>
public sealed record RecoveryCodeInput
{
    /// <summary>In any case, with or without its dash.</summary>
    [Required(ErrorMessage = "Enter one of your recovery codes.")]
    [StringLength(40, ErrorMessage = "This is too long."), Display(Name = "Recovery code")]
    public string Code { get; init; } = "";
}

internal sealed class RecoveryCodeModel(
    SecondStep step,
    PendingSignIns pending,
    BrowserSession browser,
    IOptions<PortalOptions> portal) : PendingPage(pending, browser, portal)
{
    [BindProperty]
    public RecoveryCodeInput Input { get; set; } = new();

    public IActionResult OnGet() =>
        Half.Next.Accepted.HasFlag(Proofs.RecoveryCode) ? Page() : Redirect(PageFor(Half.Next));

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => EnterAsync(async _ =>
    {
        var admission = await step.TakeAsync(
            Half, Proofs.RecoveryCode, Input.Code, trustDevice: false, Response, ct);
        return admission.Succeeded ? admission : admission.Error with { Field = nameof(Input.Code) };
    });
}
