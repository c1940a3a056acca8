using System.Text.RegularExpressions;
using AuthPortal.Tokens;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Features.Health;

/// <summary>Whether the portal is alive, and whether it is ready to be asked.</summary>
internal static partial class HealthEndpoints
{
    public static void AddHealth(this WebApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck<RevocationHealth>("revocations");

    public static void MapHealth(this WebApplication app)
    {
        var live = new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync };
        var ready = new HealthCheckOptions { ResponseWriter = WriteAsync };
        app.MapHealthChecks("/healthz/live", live).AllowAnonymous();
        app.MapHealthChecks("/healthz/ready", ready).AllowAnonymous();
    }

    public static void MapAuthHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/ok", () => TypedResults.Ok(new { ok = true })).WithSummary("That the API is there");
        api.MapGet("/error", Error).WithSummary("Where a failed redirect ends: the start page, with a code");
    }

    private static RedirectHttpResult Error(string? error, HttpRequest request)
    {
        var code = error is not null && Code().IsMatch(error) ? error : "UNKNOWN";
        var description = request.Query["error_description"].ToString();
        var more = description.Length > 0 ? $"&error_description={Uri.EscapeDataString(description)}" : "";
        return TypedResults.LocalRedirect($"/?error={Uri.EscapeDataString(code)}{more}");
    }

    [GeneratedRegex("^[A-Za-z0-9_'-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Description ?? e.Value.Status.ToString()),
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
