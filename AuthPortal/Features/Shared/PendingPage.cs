using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features;

/// <summary>A page of a sign-in that is half done. Whoever comes without one, or too late, begins again.</summary>
internal abstract class PendingPage(
    PendingSignIns pending, BrowserSession browser, IOptions<PortalOptions> portal)
    : EntryModel(browser, portal)
{
    /// <summary>What was proved, and what is missing.</summary>
    protected PendingSignIn Half { get; private set; } = null!;

    /// <summary>Who said so, by the right password.</summary>
    public User Person => Half.Attempt.User;

    /// <summary>Whether a session is there, and only proved anew.</summary>
    public bool IsStepUp => Half.Attempt.Renewed is not null;

    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await pending.FindAsync(HttpContext, HttpContext.RequestAborted) is not { } half)
        {
            context.Result = Redirect(BeginAgain());
            return;
        }

        Half = half;
        context.Result = await LoadAsync(HttpContext.RequestAborted);
        if (context.Result is null)
            await next();
    }

    /// <inheritdoc cref="CallerPage.LoadAsync"/>
    protected virtual Task<IActionResult?> LoadAsync(CancellationToken ct) => Task.FromResult<IActionResult?>(null);

    /// <summary>Whoever is signed in finished in another tab, or was about to prove themselves anew.</summary>
    private string BeginAgain()
    {
        var back = ReturnUrl is null ? QueryString.Empty : QueryString.Create("returnUrl", ReturnUrl);
        return CurrentUser.TryOf(User) is null ? "/sign-in" + back.Add("tooLate", "true") : "/step-up" + back;
    }
}
