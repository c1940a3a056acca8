using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

internal sealed class SignUpModel(
    SignUpService signUp,
    SignUpBrowser browser,
    AuthCookies cookies,
    PendingSignIns pending,
    IOptions<PortalOptions> portal)
    : EntryModel(cookies, pending, portal)
{
    [BindProperty]
    public SignUpRequest Input { get; set; } = new();

    public IActionResult OnGet() => Show();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var request = Input with { CallbackUrl = ReturnUrl };
        var result = await signUp.SignUpAsync(request, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return this.Refuse(result.Error);

        if (result.Value.Admission is { } admission)
            return Enter(admission);
        browser.Remember(HttpContext, result.Value.User);
        return RedirectToPage("/EmailVerification/CheckMail", new { returnUrl = ReturnUrl });
    }
}
