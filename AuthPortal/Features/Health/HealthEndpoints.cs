using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/healthz/live", methods, Live).AllowAnonymous()
            .Produces<Health>().WithName("getLiveness").WithSummary("That the process answers");
        app.MapMethods("/healthz/ready", methods, ReadyAsync).AllowAnonymous()
            .Produces<Health>().Produces<Health>(StatusCodes.Status503ServiceUnavailable)
            .WithName("getReadiness").WithSummary("Whether to send requests here");
    }

    public static void MapAuthHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/ok", () => TypedResults.Ok(new Alive(true))).WithSummary("That the API is there");
        api.MapGet("/error", Error).WithSummary("Where a failed redirect ends: the start page, with a code")
            .Redirects();
    }

    internal sealed record Alive(bool Ok);

    private static RedirectHttpResult Error(
        string? error, [FromQuery(Name = "error_description")] string? description)
    {
        var code = error is not null && RedirectError.IsCode(error) ? error : "UNKNOWN";
        var query = QueryString.Create("error", code);
        if (description?.Length is > 0 and <= 200)
            query = query.Add("error_description", description);
        return TypedResults.LocalRedirect($"/{query}");
    }

    private static JsonHttpResult<Health> Live(HttpResponse response) =>
        Answer(new HealthReport(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero), response);

    private static async Task<JsonHttpResult<Health>> ReadyAsync(
        HealthCheckService checks, HealthLog log, HttpResponse response, CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(ct);
        log.Note(report);
        return Answer(report, response);
    }

    private static JsonHttpResult<Health> Answer(HealthReport report, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        var health = new Health($"{report.Status}", report.Entries.ToDictionary(e => e.Key, e => Text(e.Value)));
        return TypedResults.Json(health, statusCode: report.Status == HealthStatus.Unhealthy
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK);
    }

    /// <summary>Healthy, Degraded or Unhealthy: the whole, and each part that was looked at.</summary>
    internal sealed record Health(string Status, IReadOnlyDictionary<string, string> Checks);

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
