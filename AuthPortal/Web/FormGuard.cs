using AuthPortal.Languages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Web;

/// <summary>
/// Demands the antiforgery token of every form (ASVS 3.5.1), and answers a missing or stale one with the same page, a
/// fresh token and, where our own page sent it, what was typed. Nothing is executed.
/// </summary>
internal sealed class FormGuard(IAntiforgery antiforgery) : IAsyncAuthorizationFilter, IAsyncPageFilter
{
    private static readonly object Stale = new();

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsErrorPage(context.HttpContext))
            return;
        if (await IsValidAsync(context.HttpContext))
            return;

        context.HttpContext.Items[Stale] = true;
        if (!request.IsFromOwnPage())
            request.Form = FormCollection.Empty;
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!context.HttpContext.Items.ContainsKey(Stale))
        {
            await next();
            return;
        }

        var page = (PageModel)context.HandlerInstance;
        foreach (var key in page.ModelState.Keys.ToList())
            page.ModelState.ClearValidationState(key);
        page.ModelState.AddModelError("", page.HttpContext.Say("This page was open too long; please send it again."));
        page.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Result = page.Page();
    }

    private async Task<bool> IsValidAsync(HttpContext context)
    {
        try
        {
            // Read here first: the check would hide what is wrong with the form, a 413 too, in a 500 of its own.
            if (context.Request.HasFormContentType)
                await context.Request.ReadFormAsync(context.RequestAborted);
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            context.Request.Form = FormCollection.Empty; // a body that is no form
            return false;
        }
    }

    /// <summary>The page that answers for a failed POST keeps its method, and executes nothing either.</summary>
    private static bool IsErrorPage(HttpContext context) => context.Request.Path.StartsWithSegments("/error");
}
