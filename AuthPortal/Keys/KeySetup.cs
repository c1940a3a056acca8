using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>Gives back the secret kept from an earlier start, or keeps the one it makes.</summary>
internal delegate string KeepSecret(Func<string> make);

internal static class KeySetup
{
    public static void AddKeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<KeyOptions>()
            .BindConfiguration("Keys")
            .Configure<IConfiguration>(ReadSecrets)
            .PostConfigure<IServiceProvider>(CompleteInDevelopment)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>();
        services.AddSingleton<KeyDerivation>();
        services.AddSingleton<KeyRing>();
        services.AddDataProtectionKeys();
    }

    private static void AddDataProtectionKeys(this IServiceCollection services)
    {
        services.AddSingleton<DataProtectionKeys>();
        services.AddDataProtection().SetApplicationName("AuthPortal").DisableAutomaticKeyGeneration();
        services.AddOptions<KeyManagementOptions>()
            .Configure<DataProtectionKeys>((options, keys) => options.XmlRepository = keys);
    }

    private static void ReadSecrets(KeyOptions options, IConfiguration configuration)
    {
        options.Secret = configuration["BETTER_AUTH_SECRET"];
        options.Secrets = configuration["BETTER_AUTH_SECRETS"];
        options.SharedSecret = configuration["Tokens:SharedSecret"];
        options.SessionLifetime = configuration.GetValue("Tokens:SessionLifetime", options.SessionLifetime);
    }

    private static void CompleteInDevelopment(KeyOptions options, IServiceProvider services)
    {
        if (!services.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return;

        if (string.IsNullOrWhiteSpace(options.Secret) && string.IsNullOrWhiteSpace(options.Secrets))
            options.Secret = services.GetService<KeepSecret>()?.Invoke(SecretRules.Make);

        var secrets = SecretList.Read(options.Secret, options.Secrets);
        if (options.Algorithm == SecurityAlgorithms.HmacSha256
            && string.IsNullOrEmpty(options.SharedSecret)
            && secrets.Versions is [var first, ..])
        {
            options.SharedSecret = secrets.Value(first);
        }
    }
}
