using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace AuthPortal.Features.Errors;

/// <summary>What a failure looks like: a page to people, problem details to programs.</summary>
internal static class ErrorSetup
{
    public static void AddErrors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OutageReport>();
        builder.Services.AddExceptionHandler<ApiExceptionHandler>();
    }

    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            StatusCodeSelector = e => ErrorFor(e).Status,
            SuppressDiagnosticsCallback = failed => ErrorFor(failed.Exception) != AuthErrors.Unexpected,
            CreateScopeForErrors = true, // authentication failed with the first scope and would fail again
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}");
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/api"))
                context.Features.GetRequiredFeature<IStatusCodePagesFeature>().Enabled = false;
            return next(context);
        });
    }

    public static AuthError ErrorFor(Exception exception) => exception switch
    {
        DatabaseUnavailableException => AuthErrors.DatabaseUnavailable,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => AuthErrors.BodyTooLarge,
        BadHttpRequestException => AuthErrors.BadRequest,
        IOException { InnerException: OverflowException } => AuthErrors.BadRequest, // a chunk longer than a number
        _ => AuthErrors.Unexpected,
    };

    private sealed class ApiExceptionHandler(OutageReport report) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(
            HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is DatabaseUnavailableException outage)
                report.Note(outage);
            PathString path = httpContext.Features.GetRequiredFeature<IExceptionHandlerPathFeature>().Path;
            if (!path.StartsWithSegments("/api"))
                return false;
            await ErrorFor(exception).ExecuteAsync(httpContext);
            return true;
        }
    }
}
