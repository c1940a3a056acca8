using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.EmailChange;

internal sealed class ConfirmAddressModel(
    EmailChangeLinks links, SessionWriter writer, IOptions<PortalOptions> portal) : MailedPage
{
    public EmailAddress? Address { get; private set; }

    protected override bool Works => Address is not null;

    protected override async Task ReadAsync(CancellationToken ct) =>
        Address = await links.AddressAsync(Token, TokenKind.EmailChange, ct);

    public async Task<IActionResult> OnPostAsync(string? returnUrl, CancellationToken ct)
    {
        var result = await links.ConfirmAsync(Token, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
        {
            Address = null;
            return this.Refuse(result.Error);
        }

        // Who is signed in here as this person, and still is, sees the new address at once.
        var user = result.Value;
        if (CurrentUser.TryOf(User) is { } caller && caller.Id == user.Id
            && caller.Session.Version == user.SessionVersion)
        {
            await writer.ContinueAsync(HttpContext, caller, user);
        }

        return Redirect(ReturnUrl.OrDefault(returnUrl, portal.Value));
    }
}
