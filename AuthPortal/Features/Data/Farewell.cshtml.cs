using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Data;

internal sealed class FarewellModel(
    DeletionRequests requests, AuthCookies cookies, IOptions<PortalOptions> portal) : MailedPage
{
    public User? Person { get; private set; }

    public bool Done => Request.Query["done"] == "true";

    protected override async Task ReadAsync() =>
        Person = await requests.FindAsync(Token, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostAsync(string? returnUrl, CancellationToken ct)
    {
        if (await requests.CarryOutAsync(Token, ct) is not { } gone)
        {
            Person = null;
            return this.Refuse(AuthErrors.InvalidToken);
        }

        if (CurrentUser.TryOf(User)?.Id == gone.Id)
            cookies.Clear(Response);
        return Redirect(ReturnUrl.Safe(returnUrl, portal.Value) ?? "/delete-account?done=true");
    }
}
