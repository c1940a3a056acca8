using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

internal sealed class SignUpModel(SignUpService signUp, AuthCookies cookies, IOptions<PortalOptions> portal)
    : EntryModel(cookies, portal)
{
    [BindProperty]
    public SignUpRequest Input { get; set; } = new();

    public IActionResult OnGet() => Show();

    public Task<IActionResult> OnPostAsync(CancellationToken ct) =>
        EnterAsync(client => signUp.SignUpAsync(Input, client, ct));
}
