using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>Section <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>What is under way gets so long to finish, once nothing new is taken.</summary>
    public static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(6);

    /// <summary>
    /// How long a portal that is told to stop goes on serving while readiness is red, so that whoever sends it requests
    /// can send them elsewhere. With <see cref="FinishWithin"/> less than the ten seconds of <c>docker stop</c>.
    /// </summary>
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(3);
}

/// <summary>Between the signal and the end, so that none is refused that somebody else could have served.</summary>
internal static class Drain
{
    public static void AddDrain(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ShutdownOptions>().Configure<IHostEnvironment>(ForNobodyElse);
        services.AddSettings<ShutdownOptions>("Shutdown")
            .Validate(
                shutdown => shutdown.DrainFor >= TimeSpan.Zero && shutdown.DrainFor <= TimeSpan.FromMinutes(1),
                "Shutdown__DrainFor must be from 00:00:00 to 00:01:00.");
        services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>((host, shutdown) =>
            host.ShutdownTimeout = shutdown.Value.DrainFor + ShutdownOptions.FinishWithin);
        services.AddHostedService<DrainService>();
        services.AddHealthChecks().AddCheck<DrainHealth>("serving");
    }

    /// <summary>
    /// A connection that is kept open would be closed when the portal stops, maybe under a request just sent on it.
    /// </summary>
    public static void UseDrain(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (stopping.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return next(context);
        });
    }

    /// <summary>A developer who stops the portal waits for it.</summary>
    private static void ForNobodyElse(ShutdownOptions options, IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
            options.DrainFor = TimeSpan.Zero;
    }
}

/// <summary>Holds up the stopping: before any service, Kestrel among them, is told of it.</summary>
internal sealed class DrainService(
    IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    private Task? _drain;

    /// <summary>
    /// A signal is known to the lifetime by now. Who stops the host by code, as tests do, has sent nobody here.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            _drain ??= Task.Delay(options.Value.DrainFor, clock, cancellationToken);
        return _drain ?? Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal sealed class DrainHealth(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
            ? HealthCheckResult.Unhealthy("the portal was told to stop")
            : HealthCheckResult.Healthy());
}
