using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.TwoFactor;

/// <summary>Whoever must have a second factor and has none sets it up as part of signing in.</summary>
internal sealed class SetUpModel(
    AuthenticatorSetup setup,
    PendingAuthenticators authenticators,
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
        Invitation = await setup.InviteAsync(HttpContext, Person, Half.Id);
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        if (Invitation is not { Pending: { } begun })
            return this.Refuse(AuthErrors.TotpSetupTooLate);

        var done = await enrolment.ConfirmAsync(
            Person, begun, Input.Code, session: null, Client.Of(HttpContext), ct);
        if (!done.Succeeded)
            return this.Refuse(done.Error with { Field = nameof(Input.Code) });
        authenticators.Clear(Response);
        var admission = await step.ProveAsync(Half, Proofs.Totp, done.Value.User, ct);
        if (admission.Value?.Session is not { } session)
            return this.Refuse(admission.Error ?? AuthErrors.Unauthorized);

        await AdmitAsync(session);
        Onward = WayOn(session);
        NewCodes = done.Value.RecoveryCodes;
        return Page();
    }
}
