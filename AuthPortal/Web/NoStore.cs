using Microsoft.AspNetCore.Mvc.Filters;

namespace AuthPortal.Web;

/// <summary>
/// No page is kept: by no cache, and not by the Back button of whoever sits down at the machine next. (The framework
/// says so itself only on pages with a form.)
/// </summary>
internal sealed class NoStore : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context) =>
        context.HttpContext.Response.Headers.CacheControl = "no-store";

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
