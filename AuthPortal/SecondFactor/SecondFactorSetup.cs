using AuthPortal.Users;

namespace AuthPortal.SecondFactor;

internal static class SecondFactorSetup
{
    public static void AddSecondFactor(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<SecretSeal>();
        services.AddScoped<TotpStore>();
        services.AddScoped<Authenticators>();
        services.AddScoped<RecoveryCodeStore>();
        services.AddScoped<RecoveryCodes>();
        services.AddScoped<IWayIn, FactorStore>();
    }
}
