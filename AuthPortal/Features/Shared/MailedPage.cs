using AuthPortal.Tokens;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features;

/// <summary>A page that a mailed link opens.</summary>
internal abstract class MailedPage : PageModel
{
    protected string? Token => Request.Query["token"];

    /// <summary>Whether the link is good, or has done its work.</summary>
    protected abstract bool Works { get; }

    /// <summary>Judges the link; opening it spends nothing, so that a mail scanner may.</summary>
    protected abstract Task ReadAsync(CancellationToken ct);

    /// <summary>Clears the session's cookies where they are this person's, whose sessions have just ended.</summary>
    protected void ClearIfOf(Guid userId, AuthCookies cookies)
    {
        if (CurrentUser.TryOf(User)?.Id == userId)
            cookies.Clear(Response);
    }

    /// <summary>Before every way to show the page, a form that was open too long included.</summary>
    public override Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) =>
        ReadAsync(HttpContext.RequestAborted);

    public void OnGet() => Response.StatusCode = Works ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
}
