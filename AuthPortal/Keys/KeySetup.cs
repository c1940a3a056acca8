using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

internal static class KeySetup
{
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<KeyOptions>("Keys")
            .Configure<IConfiguration>(Read)
            .PostConfigure<IServiceProvider>(CompleteInDevelopment);
        services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>();
        services.AddSingleton<KeyDerivation>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeyedDigests>();
        services.AddAnswers(KeyJson.Default);
        services.AddDataProtectionKeys();
    }

    private static void AddDataProtectionKeys(this IServiceCollection services)
    {
        services.AddSingleton<DataProtectionKeys>();
        services.AddDataProtection().SetApplicationName("AuthPortal").DisableAutomaticKeyGeneration();
        services.AddOptions<KeyManagementOptions>()
            .Configure<DataProtectionKeys>((options, keys) => options.XmlRepository = keys);
    }

    private static void Read(KeyOptions options, IConfiguration configuration)
    {
        options.SessionLifetime = configuration.GetValue("Tokens:SessionLifetime", options.SessionLifetime);
        options.SharedSecret = configuration["Tokens:SharedSecret"];
        options.Secret = configuration["BETTER_AUTH_SECRET"];
        options.Secrets = configuration["BETTER_AUTH_SECRETS"];
    }

    private static void CompleteInDevelopment(KeyOptions options, IServiceProvider services)
    {
        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return;

        if (string.IsNullOrWhiteSpace(options.Secret) && string.IsNullOrWhiteSpace(options.Secrets))
            options.Secret = services.GetRequiredService<DataFolder>().ReadOrCreate("secret", SecretRules.Make);

        var secrets = SecretList.Read(options.Secret, options.Secrets);
        if (options.Algorithm == SecurityAlgorithms.HmacSha256
            && string.IsNullOrEmpty(options.SharedSecret)
            && secrets.Versions is [var first, ..])
        {
            options.SharedSecret = secrets.Value(first);
        }
    }
}
