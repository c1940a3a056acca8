using AuthPortal.Languages;
using AuthPortal.Passkeys;
using AuthPortal.SecondFactor;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;

namespace AuthPortal.Features.Security;

internal sealed class SecurityModel(
    UserStore users,
    PasswordChangeService passwords,
    PasskeyService passkeys,
    PasskeyStore store,
    RelyingParty party,
    RecoveryCodes codes,
    TimeProvider clock,
    SessionWriter writer) : CallerPage(users)
{
    [BindProperty]
    public ChangePasswordRequest Input { get; set; } = new();

    public bool Saved => Request.Query["saved"] == "true";

    public bool SecondFactorIsOff => Request.Query["secondFactor"] == "off";

    public bool HasPasskeys => party.Id is not null;

    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    /// <summary>What a passkey made here would be told from others by.</summary>
    public string PasskeyNameHere => HttpContext.Say(UserAgentText.InWords(Request.Headers.UserAgent));

    public string? PasskeyNotice => Request.Query["passkey"].ToString() switch
    {
        "added" => "The passkey is added: next time you can sign in with it.",
        "renamed" => "The passkey has its new name.",
        "removed" => "The passkey is removed. You may want to delete it on your device as well, and, if somebody else "
            + "may have it, to sign out your other devices.",
        _ => null,
    };

    /// <summary>Of those who have an authenticator app.</summary>
    public int RecoveryCodesLeft { get; private set; }

    protected override async Task<IActionResult?> LoadAsync(CancellationToken ct)
    {
        if (HasPasskeys)
            Passkeys = await store.ListAsync(Caller.Id, ct);
        if (Person.HasTotp)
            RecoveryCodesLeft = await codes.CountLeftAsync(Person, ct);
        return null;
    }

    public void OnGet() => Input = new ChangePasswordRequest { RevokeOtherSessions = true };

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var result = await passwords.ChangeAsync(Caller, Input, Client.Of(HttpContext), ct);
        if (!result.Succeeded)
            return this.RefuseCaller(result.Error);

        if (Input.RevokeOtherSessions)
            await writer.GoOnAloneAsync(HttpContext, Caller, result.Value);
        return RedirectToPage(new { saved = "true" });
    }

    public async Task<IActionResult> OnPostRenamePasskeyAsync(Guid id, string? name, CancellationToken ct)
    {
        ModelState.Clear(); // the other form's fields
        var form = new UpdatePasskeyRequest { Id = $"{id}", Name = name?.Trim() ?? "" };
        return TryValidateModel(form)
            ? Answer(await passkeys.RenameAsync(Caller, id, form.Name, Client.Of(HttpContext), ct), "renamed")
            : this.Refuse();
    }

    public async Task<IActionResult> OnPostRemovePasskeyAsync(Guid id, CancellationToken ct)
    {
        ModelState.Clear();
        if (!FreshSignIn.IsOf(Caller, clock))
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        return Answer(await passkeys.RemoveAsync(Caller, id, Client.Of(HttpContext), ct), "removed");
    }

    private IActionResult Answer(Result<Passkey> result, string done) =>
        result.Succeeded ? RedirectToPage(new { passkey = done }) : this.RefuseCaller(result.Error);
}
