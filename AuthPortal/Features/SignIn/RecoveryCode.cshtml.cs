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
    [Required(ErrorMessage = "Enter one of your recovery codes."), StringLength(40), Display(Name = "Recovery code")]
    public string Code { get; init; } = "";
}

internal sealed class RecoveryCodeModel(
    SecondFactorCheck check,
    SessionIssuer sessions,
    AuthCookies cookies,
    PendingSignIns pending,
    IOptions<PortalOptions> portal) : PendingPage(sessions, cookies, pending, portal)
{
    [BindProperty]
    public RecoveryCodeInput Input { get; set; } = new();

    public IActionResult OnGet() =>
        Half.Next.Accepted.HasFlag(Proofs.RecoveryCode) ? Page() : Redirect(PageFor(Half.Next));

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => EnterAsync(async client =>
        await check.CheckRecoveryCodeAsync(Person, Input.Code, client, ct) is { } refusal
            ? refusal with { Field = nameof(Input.Code) }
            : await ProveAsync(Proofs.RecoveryCode, Person, ct));
}
