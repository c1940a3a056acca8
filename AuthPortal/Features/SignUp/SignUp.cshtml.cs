using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

internal sealed class SignUpModel(SignUpService signUp, AuthCookies cookies, IOptions<PortalOptions> portal) : PageModel
{
    [BindProperty]
    public SignUpRequest Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public IActionResult OnGet() => CurrentUser.TryOf(User) is null ? Page() : GoOn();

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var result = await signUp.SignUpAsync(Input, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return this.Refuse(result.Error);

        cookies.Set(Response, result.Value);
        return GoOn();
    }

    private RedirectResult GoOn() => Redirect(Web.ReturnUrl.OrDefault(ReturnUrl, portal.Value));
}
