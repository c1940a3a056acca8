using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features;

/// <summary>A page that lets people in, and then on to where they were headed.</summary>
internal abstract class EntryModel(BrowserSession browser, IOptions<PortalOptions> portal) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>Who is signed in already goes straight on.</summary>
    protected IActionResult Show() => CurrentUser.TryOf(User) is null ? Page() : GoOn();

    /// <summary>The form again with what is wrong, or the way on.</summary>
    protected async Task<IActionResult> EnterAsync(Func<Client, Task<Result<Admission>>> enter)
    {
        if (!ModelState.IsValid)
            return this.Refuse();

        var result = await enter(Client.Of(HttpContext));
        return result.Succeeded ? await EnterAsync(result.Value) : this.Refuse(result.Error);
    }

    /// <summary>The session's cookies and the way on; or the page that asks for what is missing.</summary>
    protected async Task<IActionResult> EnterAsync(Admission admission)
    {
        if (admission.Pending is { } more)
        {
            browser.Await(HttpContext, more);
            return Redirect(PageFor(more.Next));
        }

        var session = admission.Session!;
        await AdmitAsync(session);
        return Redirect(WayOn(session));
    }

    /// <summary>Who was about to be erased hears first that they are not; the way on is a link there.</summary>
    protected string WayOn(IssuedSession session)
    {
        if (!session.Restored)
            return Web.ReturnUrl.OrDefault(ReturnUrl, portal.Value);

        var back = Web.ReturnUrl.Safe(ReturnUrl, portal.Value);
        var query = back is null ? QueryString.Empty : QueryString.Create("returnUrl", back);
        return this.Tell(Notice.Restored, "/account" + query, session.Session.UserId).Url;
    }

    protected Task AdmitAsync(IssuedSession session) => browser.StartAsync(HttpContext, session);

    /// <summary>The page that asks for it, and then leads on to where this one would have.</summary>
    protected string PageFor(NextStep next)
    {
        var page = next == NextStep.Enrol ? "/sign-in/set-up" : "/sign-in/second-factor";
        return Web.ReturnUrl.Safe(ReturnUrl, portal.Value) is { } back
            ? page + QueryString.Create("returnUrl", back)
            : page;
    }

    protected RedirectResult GoOn() => Redirect(Web.ReturnUrl.OrDefault(ReturnUrl, portal.Value));
}
