using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.EmailChange;

/// <summary>What is asked for where the session does not say whose account it is.</summary>
public sealed record OwnerInput
{
    /// <summary>Of the account that asked for the change.</summary>
    [Display(Name = "Password"), DataType(DataType.Password)]
    public string? Password { get; init; }
}

internal sealed class ConfirmAddressModel(
    EmailChangeLinks links,
    EmailChangeOwner owner,
    SessionWriter writer,
    AuthCookies cookies,
    IOptions<PortalOptions> portal) : MailedPage
{
    [BindProperty]
    public OwnerInput Input { get; set; } = new();

    public EmailAddress? Address { get; private set; }

    /// <summary>Whether who is signed in here asked for it.</summary>
    public bool IsOwner { get; private set; }

    protected override bool Works => Address is not null;

    protected override async Task ReadAsync(CancellationToken ct)
    {
        Address = await links.AddressAsync(Token, TokenKind.EmailChange, ct);
        IsOwner = await owner.IsAsync(CurrentUser.TryOf(User), Token);
    }

    public async Task<IActionResult> OnPostAsync(string? returnUrl, CancellationToken ct)
    {
        var client = Client.Of(HttpContext);
        var device = cookies.KnownDevice(Request);
        if (!IsOwner && await owner.ProveAsync(Token, Input.Password, device, client, ct) is { } refusal)
            return RefuseFor(refusal);
        var result = await links.ConfirmAsync(Token, client, ct);
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

    private PageResult RefuseFor(AuthError refusal)
    {
        if (refusal == AuthErrors.InvalidToken)
            Address = null;
        return this.Refuse(refusal);
    }
}
