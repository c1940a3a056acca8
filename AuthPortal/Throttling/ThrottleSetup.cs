using AuthPortal.Database;
using Microsoft.Extensions.Options;

namespace AuthPortal.Throttling;

internal static class ThrottleSetup
{
    public static void AddThrottling(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ThrottleOptions>().Configure<IHostEnvironment>((options, environment) =>
            options.CountLoopback = !environment.IsDevelopment());
        services.AddSettings<ThrottleOptions>(ThrottleOptions.Section);
        services.AddSingleton<IValidateOptions<ThrottleOptions>, ThrottleOptionsValidator>();
        services.AddSingleton<ThrottleMeter>();
        services.AddSingleton<RecentRefusals>();
        services.AddSingleton<RefusalDelay>();
        services.AddScoped<ThrottleStore>();
        services.AddScoped<Throttle>();
        services.AddScoped<Limits>();
        services.AddSingleton<ThrottleSweeper>();
        services.AddHostedService(s => s.GetRequiredService<ThrottleSweeper>());

        services.AddSingleton<FloodGate>();
    }

    /// <summary>Turns floods away; and has nobody pay for a try that an outage kept from being judged.</summary>
    public static void UseThrottling(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<FloodGate>().PassAsync);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (DatabaseUnavailableException)
            {
                context.RequestServices.GetRequiredService<Limits>().GiveAllBackLater();
                throw;
            }
        });
    }
}
