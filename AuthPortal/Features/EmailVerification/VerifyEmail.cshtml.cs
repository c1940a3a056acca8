using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.EmailVerification;

/// <summary>One of the two, as the form that was sent has it.</summary>
public sealed record VerifyEmailInput
{
    /// <summary>The one chosen at sign-up.</summary>
    [Display(Name = "Password"), DataType(DataType.Password)]
    public string? Password { get; init; }

    /// <summary>8 to 128 code points (NIST SP 800-63B-4 §3.1.1.2).</summary>
    [Display(Name = "New password"), DataType(DataType.Password)]
    public string? NewPassword { get; init; }
}

/// <summary>Where the mailed link leads. Opening it, as mail scanners do, changes nothing.</summary>
internal sealed class VerifyEmailModel(
    EmailVerificationService verification,
    SignUpBrowser browser,
    SessionWriter writer,
    AuthCookies cookies,
    KnownDevices devices,
    IOptions<PortalOptions> portal) : PageModel
{
    private FollowedLink? _followed;

    [BindProperty]
    public VerifyEmailInput Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Whose address it is; null where the link no longer works.</summary>
    public Users.User? Person => _followed?.User;

    /// <summary>Whether this is the browser that signed up.</summary>
    public bool IsKnownBrowser { get; private set; }

    /// <summary>Before every way to show the page, a form that was open too long included.</summary>
    public override async Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context)
    {
        _followed = await verification.FindAsync(Request.Query["token"], HttpContext.RequestAborted);
        IsKnownBrowser = Person is { } person && await browser.IsOfAsync(HttpContext, person);
    }

    public void OnGet() => Response.StatusCode = Person is null ? 400 : 200;

    public Task<IActionResult> OnPostAsync(CancellationToken ct) => ConfirmAsync(followed =>
        IsKnownBrowser
            ? verification.ConfirmAsync(followed, Client.Of(HttpContext), ct)
            : Task.FromResult<Result<User>>(AuthErrors.InvalidPassword with { Field = null, Advice = EnterPassword }));

    private const string EnterPassword = "Enter the password you chose, or choose a new one.";

    public Task<IActionResult> OnPostPasswordAsync(CancellationToken ct) => ConfirmAsync(followed =>
        verification.ConfirmAsync(
            followed, Input.Password ?? "", cookies.KnownDevice(Request), Client.Of(HttpContext), ct));

    public Task<IActionResult> OnPostNewPasswordAsync(CancellationToken ct) => ConfirmAsync(followed =>
        verification.ReclaimAsync(followed, Input.NewPassword ?? "", Client.Of(HttpContext), ct));

    private async Task<IActionResult> ConfirmAsync(Func<FollowedLink, Task<Result<User>>> confirm)
    {
        if (_followed is null || !ModelState.IsValid)
            return this.Refuse();
        if (_followed.User.EmailVerifiedAt is not null)
            return Page();

        var result = await confirm(_followed);
        if (!result.Succeeded)
        {
            _followed = result.Error == AuthErrors.InvalidToken ? null : _followed;
            return _followed is null ? this.Refuse() : this.Refuse(result.Error);
        }

        _followed = _followed with { User = result.Value };
        browser.Forget(HttpContext);
        await devices.RememberResetAsync(HttpContext, result.Value);
        if (CurrentUser.TryOf(User) is { } caller && caller.Session.Version == result.Value.SessionVersion
            && caller.Id == result.Value.Id)
        {
            await writer.ContinueAsync(HttpContext, caller, result.Value);
        }

        return Web.ReturnUrl.Safe(ReturnUrl, portal.Value) is { } back ? Redirect(back) : Page();
    }
}
