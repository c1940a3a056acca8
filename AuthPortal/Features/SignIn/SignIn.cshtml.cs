using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignIn;

internal sealed class SignInModel(SignInService signIn, AuthCookies cookies, IOptions<PortalOptions> portal) : PageModel
{
    [BindProperty]
    public SignInRequest Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public bool SignedOut { get; private set; }

    public IActionResult OnGet(bool signedOut)
    {
        SignedOut = signedOut;
        return CurrentUser.TryOf(User) is null ? Page() : GoOn();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var result = await signIn.WithPasswordAsync(Input, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return this.Refuse(result.Error);

        cookies.Set(Response, result.Value);
        return GoOn();
    }

    private RedirectResult GoOn() => Redirect(Web.ReturnUrl.OrDefault(ReturnUrl, portal.Value));
}
