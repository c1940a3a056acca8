using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

internal sealed class SignUpModel(
    SignUpService signUp,
    PasskeySignUp passkeys,
    SignUpBrowser signUpBrowser,
    BrowserSession browser,
    IOptions<PortalOptions> portal)
    : EntryModel(browser, portal)
{
    [BindProperty]
    public SignUpRequest Input { get; set; } = new();

    public IActionResult OnGet() => Show();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();
        return await AnswerAsync(await signUp.SignUpAsync(AsAsked(), Client.Of(HttpContext), ct));
    }

    /// <summary>Asked for by the script; of a refusal it needs to know no more than that.</summary>
    public async Task<IActionResult> OnPostPasskeyOptionsAsync(CancellationToken ct)
    {
        if (!IsValidWithoutPassword())
            return this.Refuse();
        var options = await passkeys.BeginAsync(Input, HttpContext, ct);
        return options.Succeeded ? new JsonResult(options.Value) : this.Refuse(options.Error);
    }

    /// <param name="attestation">What the browser made of the passkey's options; empty where there were none.</param>
    public async Task<IActionResult> OnPostPasskeyAsync(string? attestation, CancellationToken ct)
    {
        if (!IsValidWithoutPassword())
            return this.Refuse();
        return await AnswerAsync(await passkeys.SignUpAsync(AsAsked(), attestation, HttpContext, ct));
    }

    private bool IsValidWithoutPassword()
    {
        ModelState.Remove($"{nameof(Input)}.{nameof(Input.Password)}");
        return ModelState.IsValid;
    }

    private SignUpRequest AsAsked() => Input with { CallbackUrl = ReturnUrl };

    private async Task<IActionResult> AnswerAsync(Result<SignedUp> result)
    {
        if (!result.Succeeded)
            return this.Refuse(result.Error);

        if (result.Value.Admission is { } admission)
            return await EnterAsync(admission);
        signUpBrowser.Remember(HttpContext, result.Value.User);
        return RedirectToPage("/EmailVerification/CheckMail", new { returnUrl = ReturnUrl });
    }
}
