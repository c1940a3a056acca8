using AuthPortal.Tokens;
using AuthPortal.Users;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features;

/// <summary>A page that shows and changes what the token doesn't tell of the person who is signed in.</summary>
internal abstract class CallerPage(UserStore users) : PageModel
{
    public CurrentUser Caller => CurrentUser.Of(User);

    /// <summary>Their row as it is now.</summary>
    public User Person { get; private set; } = null!;

    /// <summary>Whether there is a password to ask for.</summary>
    public bool HasPassword => Person.PasswordHash is not null;

    public override async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var found = await users.FindOwnAsync(Caller.Id, Caller.Id, HttpContext.RequestAborted);
        if (found is null || found.SessionVersion != Caller.Session.Version)
        {
            context.Result = Challenge();
            return;
        }

        Person = found;
        context.Result = await LoadAsync(HttpContext.RequestAborted);
        if (context.Result is null)
            await next();
    }

    /// <summary>
    /// What the page shows besides, before any handler: a form that is refused, for its age too, is answered with it.
    /// </summary>
    /// <returns>An answer in the page's stead; null for none.</returns>
    protected virtual Task<IActionResult?> LoadAsync(CancellationToken ct) => Task.FromResult<IActionResult?>(null);
}
