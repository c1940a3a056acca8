using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Data;

internal sealed class FarewellModel(
    DeletionRequests requests,
    AuthCookies cookies,
    IOptions<PortalOptions> portal,
    IOptions<AccountOptions> accounts,
    TimeProvider clock) : MailedPage
{
    public User? Person { get; private set; }

    /// <summary>When the account would be erased, were it deleted now; null for at once.</summary>
    public DateTimeOffset? EraseAt =>
        Person is { } person ? accounts.Value.EraseAt(person, clock.GetUtcNow()) : null;

    protected override bool Works => Person is not null;

    protected override async Task ReadAsync(CancellationToken ct) => Person = await requests.FindAsync(Token, ct);

    public async Task<IActionResult> OnPostAsync(string? returnUrl, CancellationToken ct)
    {
        if (await requests.CarryOutAsync(Token, Client.Of(HttpContext), ct) is not { } user)
        {
            Person = null;
            return this.Refuse(AuthErrors.InvalidToken);
        }

        ClearIfOf(user.Id, cookies);
        if (ReturnUrl.Safe(returnUrl, portal.Value) is { } back)
            return Redirect(back);
        var caller = CurrentUser.TryOf(User)?.Id;
        return this.Tell(Notice.AccountDeleted, "/", caller == user.Id ? null : caller, user.EraseAt);
    }
}
