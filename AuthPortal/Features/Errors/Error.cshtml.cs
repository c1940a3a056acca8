using System.Globalization;
using AuthPortal.Languages;
using AuthPortal.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.Errors;

/// <summary>
/// One page for every failure. It is reached by re-execution with the method of the request that failed.
/// </summary>
internal sealed class ErrorModel : PageModel
{
    public Phrase Heading { get; private set; } = "";

    public Phrase Words { get; private set; } = "";

    public int Status => Response.StatusCode;

    /// <inheritdoc cref="CorrelationId.Current"/>
    public string? Reference { get; } = CorrelationId.Current;

    /// <summary>Before any handler, for there are as many methods as a stranger can think of.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        Explain();
        context.Result = Page();
    }

    private void Explain()
    {
        if (HttpContext.Features.Get<IExceptionHandlerFeature>() is { Error: { } exception })
        {
            var error = ErrorSetup.ErrorFor(exception);
            (Heading, Words) = (HeadingFor(error.Status), error.Advice);
            if (error.RetryAfter is { } wait)
                Response.Headers.RetryAfter = $"{wait.TotalSeconds:0}";
            return;
        }

        // By its own address it is no page: else anybody could show a proxy failures that there were none of.
        var isFailure = HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        var status = int.Parse($"{RouteData.Values["status"]}", CultureInfo.InvariantCulture);
        Response.StatusCode = isFailure ? status : StatusCodes.Status404NotFound;
        (Heading, Words) = (HeadingFor(Response.StatusCode), WordsFor(Response.StatusCode));
    }

    private static Phrase HeadingFor(int status) => status switch
    {
        404 => "Page not found",
        403 => "Not allowed",
        503 => "Back in a moment",
        >= 500 => "Something went wrong",
        _ => "That didn't work",
    };

    private static Phrase WordsFor(int status) => status switch
    {
        404 => "There is no page at this address. It may have moved, or the link may be incomplete.",
        403 => "Your account may not open this page.",
        405 => "This address doesn't take what was sent to it.",
        413 => AuthErrors.BodyTooLarge.Advice,
        429 => AuthErrors.TooManyRequests(TimeSpan.FromSeconds(1)).Advice,
        503 => AuthErrors.DatabaseUnavailable.Advice,
        >= 500 => AuthErrors.Unexpected.Advice,
        _ => AuthErrors.BadRequest.Advice,
    };
}
