using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignIn;

internal sealed class SignInModel(
    SignInService signIn,
    PasskeySignIn passkeys,
    AuthCookies cookies,
    BrowserSession browser,
    IOptions<PortalOptions> portal)
    : EntryModel(browser, portal)
{
    [BindProperty]
    public SignInRequest Input { get; set; } = new();

    public IActionResult OnGet() => Show();

    /// <summary>Whether all that is missing is the address's confirmation.</summary>
    public bool IsUnverified { get; private set; }

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => EnterAsync(async client =>
    {
        var device = cookies.Device(Request);
        var result = await signIn.WithPasswordAsync(Input with { CallbackUrl = ReturnUrl }, device, client, ct);
        IsUnverified = result.Error == AuthErrors.EmailNotVerified;
        return result;
    });

    /// <param name="assertion">What the browser made of the passkey's options; the form's fields don't matter.</param>
    public Task<IActionResult> OnPostPasskeyAsync(string? assertion, CancellationToken ct)
    {
        ModelState.Clear();
        return EnterAsync(async _ =>
        {
            var result = await passkeys.SignInAsync(assertion, Input.RememberMe, HttpContext, ct);
            IsUnverified = result.Error == AuthErrors.EmailNotVerified;
            return result;
        });
    }
}
