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
    [Required(ErrorMessage = "Enter the code that the app shows.")]
    [StringLength(20, ErrorMessage = "This is too long."), Display(Name = "Code")]
    public string Code { get; init; } = "";
}

/// <summary>The authenticator app of somebody who is signed in: on, off, and its recovery codes.</summary>
internal sealed class AuthenticatorModel(
    UserStore users,
    AuthenticatorSetup setup,
    PendingAuthenticators pending,
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

    private bool IsFresh => FreshSignIn.IsOf(Caller, clock);

    protected override async Task<IActionResult?> LoadAsync(CancellationToken ct)
    {
        if (Person.HasTotp)
        {
            CodesLeft = await codes.CountLeftAsync(Person, ct);
            return null;
        }

        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        Invitation = await setup.InviteAsync(HttpContext, Person, Caller.Session.Id);
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        if (!ModelState.IsValid)
            return this.Refuse();

        if (Invitation is not { Pending: { } begun })
            return this.RefuseCaller(Person.HasTotp ? AuthErrors.TotpAlreadyEnabled : AuthErrors.TotpSetupTooLate);

        var done = await enrolment.ConfirmAsync(
            Person, begun, Input.Code, Caller.Session, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return this.RefuseCaller(done.Error with { Field = nameof(Input.Code) });

        pending.Clear(Response);
        await writer.GoOnAloneAsync(HttpContext, Caller, done.Value.User, Proofs.Totp);
        NewCodes = done.Value.RecoveryCodes;
        return Page();
    }

    public async Task<IActionResult> OnPostNewCodesAsync(CancellationToken ct)
    {
        ModelState.Clear();
        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        var made = await enrolment.ReplaceCodesAsync(Person, Caller.Session, Client.Of(HttpContext), ct);
        if (!made.Succeeded)
            return this.RefuseCaller(made.Error);
        NewCodes = made.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostTurnOffAsync(CancellationToken ct)
    {
        ModelState.Clear();
        if (!IsFresh)
            return this.RefuseCaller(AuthErrors.SessionNotFresh);
        var done = await enrolment.RemoveAsync(Person, Caller.Session, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return this.RefuseCaller(done.Error);
        await writer.GoOnAloneAsync(HttpContext, Caller, done.Value);
        return this.Tell(Notice.AuthenticatorOff, "/account/security", Caller.Id);
    }
}
