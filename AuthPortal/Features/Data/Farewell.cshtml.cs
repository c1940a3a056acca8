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

    protected override bool Works => Done || Person is not null;

    protected override async Task ReadAsync(CancellationToken ct) => Person = await requests.FindAsync(Token, ct);

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
