using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.TwoFactor;

/// <summary>Whoever must have a second factor and has none sets it up as part of signing in.</summary>
internal sealed class SetUpModel(
    AuthenticatorSetup setup,
    TotpEnrolment enrolment,
    SecondStep step,
    PendingSignIns pending,
    BrowserSession browser,
    IOptions<PortalOptions> portal) : PendingPage(pending, browser, portal)
{
    [BindProperty]
    public FirstCodeInput Input { get; set; } = new();

    /// <summary>Null once the app is on.</summary>
    public AuthenticatorInvitation? Invitation { get; private set; }

    /// <summary>Shown once.</summary>
    public IReadOnlyList<string> NewCodes { get; private set; } = [];

    /// <summary>Where the person was headed.</summary>
    public string Onward { get; private set; } = "";

    protected override async Task<IActionResult?> LoadAsync(CancellationToken ct)
    {
        if (Half.Next != NextStep.Enrol)
            return Redirect(PageFor(Half.Next));
        var invited = await setup.InviteAsync(Person, ct);
        Invitation = invited.Value;
        return invited.Succeeded ? null : this.Refuse(invited.Error);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var done = await enrolment.ConfirmAsync(Person, Input.Code, sessionId: null, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return this.Refuse(done.Error with { Field = nameof(Input.Code) });
        var admission = await step.ProveAsync(Half, Proofs.Totp, done.Value.User, ct);
        if (admission.Value?.Session is not { } session)
            return this.Refuse(admission.Error ?? AuthErrors.Unauthorized);

        await AdmitAsync(session);
        Onward = WayOn(session);
        NewCodes = done.Value.RecoveryCodes;
        return Page();
    }
}
