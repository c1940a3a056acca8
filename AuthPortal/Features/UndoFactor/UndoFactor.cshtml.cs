using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;

namespace AuthPortal.Features.UndoFactor;

/// <summary>Where the letter leads that tells of an added passkey, authenticator app or recovery codes.</summary>
internal sealed class UndoFactorModel(FactorUndo undo, AuthCookies cookies) : MailedPage
{
    public FactorUndoing? Undoing { get; private set; }

    public bool Done { get; private set; }

    /// <summary>Whether the password that was chosen just now stays.</summary>
    public bool KeptPassword { get; private set; }

    /// <summary>The passkeys, app and recovery codes that the account still has.</summary>
    public IReadOnlyList<RecentFactor> Left { get; private set; } = [];

    protected override bool Works => Undoing is not null;

    protected override async Task ReadAsync(CancellationToken ct) => Undoing = await undo.FindAsync(Token, ct);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var result = await undo.UndoAsync(Token, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
        {
            if (result.Error == AuthErrors.InvalidToken)
                Undoing = null;
            return this.Refuse(result.Error);
        }

        ClearIfOf(result.Value.Id, cookies);
        Done = true;
        KeptPassword = result.Value.PasswordHash is not null;
        Left = await undo.ListAllAsync(result.Value, ct);
        return Page();
    }
}
