using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignIn;

internal sealed class SignInModel(SignInService signIn, AuthCookies cookies, IOptions<PortalOptions> portal)
    : EntryModel(cookies, portal)
{
    [BindProperty]
    public SignInRequest Input { get; set; } = new();

    public bool SignedOut { get; private set; }

    public IActionResult OnGet(bool signedOut)
    {
        SignedOut = signedOut;
        return Show();
    }

    public Task<IActionResult> OnPostAsync(CancellationToken ct) =>
        EnterAsync(client => signIn.WithPasswordAsync(Input, client, ct));
}
