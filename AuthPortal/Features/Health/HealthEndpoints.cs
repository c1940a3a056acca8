using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Features.Health;

/// <summary>Whether the portal is alive, and whether it is ready to be asked.</summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<RevocationHealth>("revocations");

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

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            // What is wrong in detail is the log's to tell: this is for anybody.
            checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString()),
        });

    private sealed class RevocationHealth(RevocationWatch watch) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(watch.IsCurrent
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("Revocations can't be read: what ended elsewhere is not known here."));
    }
}
