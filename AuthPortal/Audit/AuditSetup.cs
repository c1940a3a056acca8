using Microsoft.Extensions.Options;

namespace AuthPortal.Audit;

internal static class AuditSetup
{
    public static void AddAudit(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<AuditOptions>("Audit");
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();

        services.AddScoped<AuditStore>();
        services.AddScoped<ChainStore>();
        services.AddScoped<ChainSealing>();
        services.AddScoped<ChainRetention>();
        services.AddScoped<ChainVerifier>();
        services.AddScoped<AuditedKeysStore>();
        services.AddSingleton<HeadSignature>();

        // Stopped in reverse order: what the others still write is sealed.
        services.AddSingleton<AuditSealer>();
        services.AddHostedService(s => s.GetRequiredService<AuditSealer>());
        services.AddHostedService<AuditRetention>();
        services.AddHostedService<KeyChangeWatch>();
        services.AddSingleton<RefusalTally>();
        services.AddHostedService(s => s.GetRequiredService<RefusalTally>());
    }
}
