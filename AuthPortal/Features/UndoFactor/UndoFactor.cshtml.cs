using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;

namespace AuthPortal.Features.UndoFactor;

/// <summary>Where the letter leads that tells of an added passkey or authenticator app.</summary>
internal sealed class UndoFactorModel(FactorUndo undo, AuthCookies cookies) : MailedPage
{
    public AddedFactor? Factor { get; private set; }

    public bool Done { get; private set; }

    /// <summary>Whether the password that was chosen just now stays.</summary>
    public bool KeptPassword { get; private set; }

    protected override bool Works => Factor is not null;

    protected override async Task ReadAsync(CancellationToken ct) => Factor = await undo.FindAsync(Token, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var result = await undo.UndoAsync(Token, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
        {
            Factor = null;
            return this.Refuse(result.Error);
        }

        if (CurrentUser.TryOf(User)?.Id == result.Value.Id)
            cookies.Clear(Response);
        Done = true;
        KeptPassword = result.Value.PasswordHash is not null;
        return Page();
    }
}
