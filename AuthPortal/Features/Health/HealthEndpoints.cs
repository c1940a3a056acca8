using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Features.Health;

/// <summary>Whether the portal is alive, and whether it is ready to be asked.</summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<RevocationHealth>("revocations");

    public static void MapHealth(this WebApplication app)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/healthz/live", methods, LiveAsync).AllowAnonymous()
            .Produces<Health>().WithName("getLiveness").WithSummary("That the process answers");
        app.MapMethods("/healthz/ready", methods, ReadyAsync).AllowAnonymous()
            .Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable)
            .WithName("getReadiness").WithSummary("Whether to send requests here");
    }

    private static Task LiveAsync(HealthCheckService checks, HttpContext context) =>
        AnswerAsync(checks, _ => false, context);

    private static Task ReadyAsync(HealthCheckService checks, HttpContext context) =>
        AnswerAsync(checks, _ => true, context);

    private static async Task AnswerAsync(
        HealthCheckService checks, Func<HealthCheckRegistration, bool> which, HttpContext context)
    {
        var report = await checks.CheckHealthAsync(which, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK;
        await WriteAsync(context, report);
    }

    /// <summary>Healthy, Degraded or Unhealthy: the whole, and each part that was looked at.</summary>
    internal sealed record Health(string Status, IReadOnlyDictionary<string, string> Checks);

    public static void MapAuthHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/ok", () => TypedResults.Ok(new Alive(true))).WithSummary("That the API is there");
        api.MapGet("/error", Error).WithSummary("Where a failed redirect ends: the start page, with a code")
            .Redirects();
    }

    private sealed record Alive(bool Ok);

    private static RedirectHttpResult Error(
        string? error, [FromQuery(Name = "error_description")] string? description)
    {
        var code = error is not null && RedirectError.IsCode(error) ? error : "UNKNOWN";
        var query = QueryString.Create("error", code);
        if (description?.Length is > 0 and <= 200)
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
