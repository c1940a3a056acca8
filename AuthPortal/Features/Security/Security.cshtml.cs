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
    private const string Address = "/account/security";

    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(1);

    [BindProperty]
    public ChangePasswordRequest Input { get; set; } = new();

    public bool HasPasskeys => party.Id is not null;

    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    /// <summary>What a passkey made here would be told from others by.</summary>
    public string PasskeyNameHere => HttpContext.Say(UserAgentText.InWords(Request.Headers.UserAgent));

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
        return this.Tell(Notice.PasswordChanged, Address, Caller.Id);
    }

    public async Task<IActionResult> OnPostRenamePasskeyAsync(Guid id, string? name, CancellationToken ct)
    {
        ModelState.Clear(); // the other form's fields
        var form = new UpdatePasskeyRequest { Id = $"{id}", Name = name?.Trim() ?? "" };
        return TryValidateModel(form)
            ? Answer(
                await passkeys.RenameAsync(Caller, id, form.Name, Client.Of(HttpContext), ct), Notice.PasskeyRenamed)
            : this.Refuse();
    }

    public async Task<IActionResult> OnPostRemovePasskeyAsync(Guid id, CancellationToken ct)
    {
        ModelState.Clear();
        if (!FreshSignIn.IsOf(Caller, clock))
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        return Answer(await passkeys.RemoveAsync(Caller, id, Client.Of(HttpContext), ct), Notice.PasskeyRemoved);
    }

    /// <summary>Sent by the script once it has added one; the page says so where it is so.</summary>
    public IActionResult OnPostPasskeyAdded()
    {
        ModelState.Clear();
        return Passkeys.Any(passkey => passkey.CreatedAt > clock.GetUtcNow() - JustNow)
            ? this.Tell(Notice.PasskeyAdded, Address, Caller.Id)
            : RedirectToPage();
    }

    private IActionResult Answer(Result<Passkey> result, Notice done) =>
        result.Succeeded ? this.Tell(done, Address, Caller.Id) : this.RefuseCaller(result.Error);
}
