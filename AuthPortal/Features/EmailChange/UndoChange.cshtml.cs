using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;

namespace AuthPortal.Features.EmailChange;

internal sealed class UndoChangeModel(EmailChangeLinks links, FactorUndo factors, AuthCookies cookies) : MailedPage
{
    public EmailAddress? Address { get; private set; }

    public bool Done { get; private set; }

    /// <summary>The passkeys, app and recovery codes that the account still has.</summary>
    public IReadOnlyList<RecentFactor> Left { get; private set; } = [];

    protected override bool Works => Address is not null;

    protected override async Task ReadAsync(CancellationToken ct) =>
        Address = await links.AddressAsync(Token, TokenKind.EmailChangeUndo, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var result = await links.UndoAsync(Token, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
        {
            Address = null;
            return this.Refuse(result.Error);
        }

        ClearIfOf(result.Value.Id, cookies);
        Done = true;
        Left = await factors.ListAllAsync(result.Value, ct);
        return Page();
    }
}
