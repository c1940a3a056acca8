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
    [Required(ErrorMessage = "Enter the code."), StringLength(20), Display(Name = "Code")]
    public string Code { get; init; } = "";

    /// <summary>Whether this browser is to be asked for the password alone from now on.</summary>
    public bool TrustDevice { get; init; }
}

internal sealed class SecondFactorModel(
    SecondFactorCheck check,
    PasskeySignIn passkeys,
    TrustedDevices devices,
    SessionIssuer sessions,
    AuthCookies cookies,
    PendingSignIns pending,
    IOptions<PortalOptions> portal) : PendingPage(sessions, cookies, pending, portal)
{
    [BindProperty]
    public SecondFactorInput Input { get; set; } = new();

    /// <summary>What of theirs will do.</summary>
    public Proofs Accepted => Half.Next.Accepted;

    public IActionResult OnGet() => Half.Next == NextStep.Enrol ? Redirect(PageFor(Half.Next)) : Page();

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => EnterAsync(async client =>
    {
        if (await check.CheckTotpAsync(Person, Input.Code, client, ct) is { } refusal)
            return refusal with { Field = nameof(Input.Code) };
        var admission = await ProveAsync(Proofs.Totp, Person, ct);
        if (Input.TrustDevice && admission.Value?.Session is not null)
            devices.Trust(Response, Person);
        return admission;
    });

    /// <param name="assertion">What the browser made of the passkey's options.</param>
    public Task<IActionResult> OnPostPasskeyAsync(string? assertion, CancellationToken ct)
    {
        ModelState.Clear();
        return EnterAsync(async _ =>
        {
            var proved = await passkeys.ProveAsync(Person, assertion, HttpContext, ct);
            return proved.Succeeded ? await ProveAsync(Proofs.Passkey, proved.Value, ct) : proved.Error;
        });
    }
}
