using System.ComponentModel.DataAnnotations;
using AuthPortal.SecondFactor;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;

namespace AuthPortal.Features.TwoFactor;

/// <summary>The first code of an app.</summary>
public sealed record FirstCodeInput
{
    /// <summary>Six digits; blanks don't matter.</summary>
    [Required(ErrorMessage = "Enter the code that the app shows."), StringLength(20), Display(Name = "Code")]
    public string Code { get; init; } = "";
}

/// <summary>The authenticator app of somebody who is signed in: on, off, and its recovery codes.</summary>
internal sealed class AuthenticatorModel(
    UserStore users,
    AuthenticatorSetup setup,
    TotpEnrolment enrolment,
    RecoveryCodes codes,
    SessionWriter writer,
    TimeProvider clock) : CallerPage(users)
{
    [BindProperty]
    public FirstCodeInput Input { get; set; } = new();

    /// <summary>Null where the app is on.</summary>
    public AuthenticatorInvitation? Invitation { get; private set; }

    /// <summary>Shown once, where they were just made.</summary>
    public IReadOnlyList<string> NewCodes { get; private set; } = [];

    public int CodesLeft { get; private set; }

    public bool TurnedOff => Request.Query["off"] == "true";

    private bool IsFresh => FreshSignIn.IsOf(Caller, clock);

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!Person.HasTotp && !IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        if (!ModelState.IsValid)
            return await ShowAsync(ct, this.Refuse());

        var done = await enrolment.ConfirmAsync(
            Person, Input.Code, Caller.Session.Id, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return await ShowAsync(ct, this.RefuseCaller(done.Error with { Field = nameof(Input.Code) }));

        await writer.GoOnAloneAsync(HttpContext, Caller, done.Value.User, Proofs.Totp);
        NewCodes = done.Value.RecoveryCodes;
        return Page();
    }

    public async Task<IActionResult> OnPostNewCodesAsync(CancellationToken ct)
    {
        ModelState.Clear();
        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        var made = await enrolment.ReplaceCodesAsync(Person, Caller.Session.Id, Client.Of(HttpContext), ct);
        if (!made.Succeeded)
            return await ShowAsync(ct, this.RefuseCaller(made.Error));
        NewCodes = made.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostTurnOffAsync(CancellationToken ct)
    {
        ModelState.Clear();
        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        var done = await enrolment.RemoveAsync(Person, Caller.Session.Id, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return await ShowAsync(ct, this.RefuseCaller(done.Error));
        await writer.GoOnAloneAsync(HttpContext, Caller, done.Value);
        return Redirect("/account/security?secondFactor=off");
    }

    /// <summary>What is true now, beside the refusal if there is one.</summary>
    private async Task<IActionResult> ShowAsync(CancellationToken ct, IActionResult? refusal = null)
    {
        if (Person.HasTotp)
        {
            CodesLeft = await codes.CountLeftAsync(Person, ct);
            return refusal ?? Page();
        }

        var invited = await setup.InviteAsync(Person, ct);
        if (!invited.Succeeded)
            return this.RefuseCaller(invited.Error);
        Invitation = invited.Value;
        return refusal ?? Page();
    }
}
