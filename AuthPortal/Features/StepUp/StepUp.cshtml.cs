using System.ComponentModel.DataAnnotations;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.StepUp;

/// <summary>The form that confirms who somebody is.</summary>
public sealed record StepUpInput
{
    /// <summary>Of the account that is signed in.</summary>
    [Required(ErrorMessage = "Enter your password."), Display(Name = "Password"), DataType(DataType.Password)]
    public string Password { get; init; } = "";
}

/// <summary>
/// Whoever is signed in proves it anew, by any means they have, and goes on with what they were doing: the portal's
/// own pages lead here, and services that want a fresh sign-in (RFC 9470).
/// </summary>
internal sealed class StepUpModel(
    FreshProof proof,
    PasskeySignIn passkeys,
    UserStore users,
    SessionIssuer sessions,
    SessionWriter writer,
    BrowserSession browser,
    IOptions<PortalOptions> portal,
    TimeProvider clock) : EntryModel(browser, portal)
{
    [BindProperty]
    public StepUpInput Input { get; set; } = new();

    public CurrentUser Caller => CurrentUser.Of(User);

    /// <summary>What they can prove it by.</summary>
    public User? Person { get; private set; }

    public override async Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context)
    {
        var found = await users.FindOwnAsync(Caller.Id, Caller.Id, HttpContext.RequestAborted);
        Person = found?.SessionVersion == Caller.Session.Version ? found : null;
    }

    public IActionResult OnGet([FromQuery(Name = "max_age")] int? maxAge)
    {
        if (Person is null)
            return Challenge();
        var limit = maxAge is >= 0 ? TimeSpan.FromSeconds(maxAge.Value) : FreshSignIn.MaxAge;
        return FreshSignIn.IsOf(Caller, limit, clock) ? GoOn() : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Person is null || await writer.HeldInCookieAsync(Request, Caller) is not { } held)
            return Challenge();

        return await EnterAsync(async client =>
        {
            var proved = await proof.VerifyAsync(Caller, Input.Password, client, ct);
            if (!proved.Succeeded)
                return proved.Error with { Field = nameof(StepUpInput.Password) };
            var attempt = new SignInAttempt(proved.Value, Proofs.Password, held.Persistent, client) { Renewed = held };
            return await sessions.StartAsync(attempt, ct);
        });
    }

    /// <param name="assertion">What the browser made of the passkey's options.</param>
    public async Task<IActionResult> OnPostPasskeyAsync(string? assertion, CancellationToken ct)
    {
        if (Person is null || await writer.HeldInCookieAsync(Request, Caller) is null)
            return Challenge();
        ModelState.Clear();
        return await EnterAsync(_ => passkeys.SignInAsync(assertion, remember: false, HttpContext, ct));
    }
}
