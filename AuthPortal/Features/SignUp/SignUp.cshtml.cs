using AuthPortal.Passwords;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

internal sealed class SignUpModel(
    SignUpService signUp,
    PasskeySignUp passkeys,
    SignUpBrowser signUpBrowser,
    PasswordPolicy policy,
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
            return RefuseWithPassword();
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

    /// <summary>
    /// All that is wrong with the form, at once: the password too, as far as it can be judged without asking anybody.
    /// </summary>
    private PageResult RefuseWithPassword()
    {
        var email = EmailAddress.TryParse(Input.Email)?.Typed;
        var name = ModelState.GetFieldValidationState("Input.Name") == ModelValidationState.Valid ? Input.Name : null;
        return !string.IsNullOrEmpty(Input.Password) && policy.Check(Input.Password, email, name) is { } error
            ? this.Refuse(error)
            : this.Refuse();
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
