using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthPortal.Web;

/// <summary>
/// The portal seen from outside: traces and metrics sent to a collector, metrics read at <c>/metrics</c>. What nobody
/// asked for is not set up, so that it costs nothing.
/// </summary>
internal static class TelemetrySetup
{
    // https://opentelemetry.io/docs/specs/otel/protocol/exporter/: the rest of its variables count as well.
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Timeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var allow = builder.Configuration.GetSection($"{MetricsOptions.Section}:{nameof(MetricsOptions.Allow)}");
        builder.AddMetricsOptions();

        var isSent = IsSent(builder.Configuration[Endpoint]);
        var isRead = builder.Environment.IsDevelopment() || allow.GetChildren().Any();
        if (!isSent && !isRead)
            return;

        // Of a collector that hangs the portal takes leave twice, once for each signal: ten seconds each would be long.
        builder.Configuration[Timeout] ??= "2000";
        var telemetry = builder.Services.AddOpenTelemetry()
            // The detector comes last: OTEL_SERVICE_NAME outdoes our name.
            .ConfigureResource(resource => resource.AddService("authportal").AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddAspNetCoreInstrumentation().AddMeter("AuthPortal.*", "Npgsql", "System.Runtime");
                if (isSent)
                    metrics.AddOtlpExporter();
                if (isRead)
                    metrics.AddPrometheusExporter();
            });
        if (isSent)
            telemetry.WithTracing(Trace);
    }

    /// <summary>
    /// Before the error pages and the routes: to whoever may not read it, <c>/metrics</c> is an address like any other
    /// that does not exist.
    /// </summary>
    public static void UseMetricsPage(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.Allow.Count == 0)
            return;
        var readers = app.Services.GetRequiredService<MetricsReaders>();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(
            context => context.Request.Path == "/metrics" && readers.Include(context));
    }

    private static void AddMetricsOptions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<MetricsOptions>(MetricsOptions.Section)
            .PostConfigure(o => o.AllowThisMachineUnlessChosen(builder.Environment.IsDevelopment()))
            .Validate(
                o => o.Allow.All(each => ForwardedFor.TryParse(each) is not null),
                "Metrics__Allow must list addresses or networks, such as 10.0.0.7 or 10.0.0.0/8.");
        builder.Services.AddSingleton<MetricsReaders>();
    }

    private static void Trace(TracerProviderBuilder traces) => traces
        .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !IsWatching(context.Request.Path))
        .AddSource("Npgsql")
        .AddProcessor(new SpanDiscretion()) // before the exporter, which takes what is left
        .AddOtlpExporter();

    /// <summary>Whoever asks every few seconds how the portal is would fill the traces.</summary>
    private static bool IsWatching(PathString path) =>
        path.StartsWithSegments("/healthz") || path.StartsWithSegments("/metrics");

    private static bool IsSent(string? endpoint)
    {
        if (string.IsNullOrWhiteSpace(endpoint))
            return false;
        var isUrl = Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        return isUrl ? true : throw new OptionsValidationException(
            Endpoint, typeof(string), [$"{Endpoint} must be the collector's URL, such as http://localhost:4317."]);
    }
}
