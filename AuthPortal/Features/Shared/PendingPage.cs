using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features;

/// <summary>A page of a sign-in that is half done. Whoever comes without one, or too late, begins again.</summary>
internal abstract class PendingPage(
    AuthCookies cookies, PendingSignIns pending, IOptions<PortalOptions> portal)
    : EntryModel(cookies, pending, portal)
{
    private readonly PendingSignIns _pending = pending;

    /// <summary>What was proved, and what is missing.</summary>
    protected PendingSignIn Half { get; private set; } = null!;

    /// <summary>Who said so, by the right password.</summary>
    public User Person => Half.Attempt.User;

    /// <summary>Whether a session is there, and only proved anew.</summary>
    public bool IsStepUp => Half.Attempt.Renewed is not null;

    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (await _pending.FindAsync(HttpContext, HttpContext.RequestAborted) is not { } half)
        {
            var query = QueryString.Create("tooLate", "true").Add("returnUrl", ReturnUrl ?? "");
            context.Result = Redirect("/sign-in" + query);
            return;
        }

        Half = half;
        await next();
    }
}
