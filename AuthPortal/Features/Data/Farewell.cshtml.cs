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
        // Who is signed in as somebody else would take it for theirs.
        return CurrentUser.TryOf(User) is { } caller && caller.Id != user.Id
            ? Redirect("/")
            : this.Tell(Notice.AccountDeleted, "/", reader: null, user.EraseAt);
    }
}
