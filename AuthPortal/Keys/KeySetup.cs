using AuthPortal.Database;
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
        services.AddOptions<KeyOptions>()
            .Configure<IConfiguration>(Read)
            .PostConfigure<IServiceProvider>(CompleteInDevelopment)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsValidator>();
        services.AddSingleton<KeyDerivation>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeyedDigests>();
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
        configuration.ReadSection("Keys", section => section.Bind(options));
        configuration.ReadSection("Tokens", section =>
            options.SessionLifetime = section.GetValue("SessionLifetime", options.SessionLifetime));
        options.SharedSecret = configuration["Tokens:SharedSecret"];
        options.Secret = configuration["BETTER_AUTH_SECRET"];
        options.Secrets = configuration["BETTER_AUTH_SECRETS"];
    }

    // What cannot be read is refused like what cannot be done: by the variable's name, in a sentence.
    private static void ReadSection(this IConfiguration configuration, string name, Action<IConfigurationSection> read)
    {
        try
        {
            read(configuration.GetSection(name));
        }
        catch (InvalidOperationException unreadable)
        {
            var sentence = unreadable.Message.Replace($"{name}:", $"{name}__", StringComparison.Ordinal);
            throw new OptionsValidationException(name, typeof(KeyOptions), [sentence]);
        }
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
