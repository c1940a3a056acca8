using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Features.Health;

/// <summary>Whether the portal is alive, and whether it is ready to be asked.</summary>
internal static class HealthEndpoints
{
    // A check's words are the log's to tell; an answer, which is for anybody, has them where they say nothing of us.
    private const string ForAnybody = "for anybody";

    public static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks()
            .AddCheck<RevocationHealth>("revocations")
            .AddCheck<ClockHealth>("clock", tags: [ForAnybody]);
        builder.Services.AddSingleton<HealthLog>();
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // HealthLog's task
    }

    public static void MapHealth(this WebApplication app)
    {
        var live = new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync };
        var ready = new HealthCheckOptions { ResponseWriter = WriteAsync };
        var methods = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
        app.MapHealthChecks("/healthz/live", live).AllowAnonymous().WithMetadata(methods);
        app.MapHealthChecks("/healthz/ready", ready).AllowAnonymous().WithMetadata(methods);
    }

    public static void MapAuthHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/ok", () => TypedResults.Ok(new { ok = true })).WithSummary("That the API is there");
        api.MapGet("/error", Error).WithSummary("Where a failed redirect ends: the start page, with a code");
    }

    private static RedirectHttpResult Error(string? error, HttpRequest request)
    {
        var code = error is not null && RedirectError.IsCode(error) ? error : "UNKNOWN";
        var description = request.Query["error_description"].ToString();
        var query = QueryString.Create("error", code);
        if (description.Length is > 0 and <= 200)
            query = query.Add("error_description", description);
        return TypedResults.LocalRedirect($"/{query}");
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.RequestServices.GetRequiredService<HealthLog>().Note(report);
        return context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(e => e.Key, e => Text(e.Value)),
        });
    }

    private static string Text(HealthReportEntry check) =>
        check.Status == HealthStatus.Healthy || !check.Tags.Contains(ForAnybody)
            ? check.Status.ToString()
            : $"{check.Status}: {check.Description}";

    private sealed class RevocationHealth(RevocationWatch watch) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(watch.IsCurrent
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("Revocations can't be read: what ended elsewhere is not known here."));
    }
}
