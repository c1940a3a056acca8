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
            context.Result = BeginAgain();
            return;
        }

        Half = half;
        context.Result = await LoadAsync(HttpContext.RequestAborted);
        if (context.Result is null)
            await next();
    }

    /// <inheritdoc cref="CallerPage.LoadAsync"/>
    protected virtual Task<IActionResult?> LoadAsync(CancellationToken ct) => Task.FromResult<IActionResult?>(null);

    /// <summary>
    /// Whoever is signed in finished in another tab, or was about to prove themselves anew. All others are told why
    /// where they come from a page of ours: anybody can send somebody the address.
    /// </summary>
    private RedirectResult BeginAgain()
    {
        var back = ReturnUrl is null ? QueryString.Empty : QueryString.Create("returnUrl", ReturnUrl);
        if (CurrentUser.TryOf(User) is not null)
            return Redirect("/step-up" + back);
        return Request.IsFromOwnPage()
            ? this.Tell(Notice.SignInOver, "/sign-in" + back, reader: null)
            : Redirect("/sign-in" + back);
    }
}
