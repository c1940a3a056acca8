using System.Text;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passwords;

internal static class PasswordSetup
{
    public static WebApplicationBuilder AddPasswords(this WebApplicationBuilder builder)
    {
        AddOptions(builder);
        builder.Services
            .AddSingleton<Bcrypt>()
            .AddSingleton<PepperedBcrypt>()
            .AddSingleton<IPasswordScheme>(services => services.GetRequiredService<PepperedBcrypt>())
            .AddSingleton<IPasswordScheme, PlainBcrypt>()
            .AddSingleton<IPasswordScheme, IdentityPbkdf2>()
            .AddSingleton<IPasswordScheme, BetterAuthScrypt>()
            .AddSingleton<IPasswordScheme, TextPbkdf2>()
            .AddSingleton<IPasswordScheme, Argon2>()
            .AddSingleton<IPasswordScheme, FirebaseScrypt>()
            .AddSingleton<IPasswordScheme, WordPress>()
            .AddSingleton<HashingMeter>()
            .AddSingleton(services => HashingQueue.For(
                services.GetRequiredService<IOptions<PasswordOptions>>().Value,
                services.GetRequiredService<HashingMeter>(),
                services.GetRequiredService<TimeProvider>()))
            .AddSingleton<PasswordHasher>()
            .AddSingleton<PasswordPolicy>()
            .AddSingleton<BreachedPasswords>()
            .AddSingleton<PasswordChoice>();
        return builder;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PasswordOptions>(PasswordOptions.Section)
            .Validate(o => o.Cost is >= PasswordOptions.LowestCost and <= PasswordOptions.HighestCost,
                $"Passwords__Cost must be from {PasswordOptions.LowestCost} to {PasswordOptions.HighestCost}.")
            .Validate(o => o.MinimumLength is >= PasswordOptions.ShortestMinimum and <= PasswordOptions.LongestMinimum,
                "Passwords__MinimumLength must be from "
                + $"{PasswordOptions.ShortestMinimum} to {PasswordOptions.LongestMinimum}.")
            .Validate(o => o.Pepper.All(pepper => Encoding.UTF8.GetByteCount(pepper) >= PasswordOptions.PepperBytes),
                $"Each secret of Passwords__Pepper must hold {PasswordOptions.PepperBytes} bytes or more; "
                + "`openssl rand -base64 32` makes one.")
            .Validate(o => BreachedPasswords.IsAllowed(o.RangeCheckUrl),
                "Passwords__RangeCheckUrl must be an address such as https://api.pwnedpasswords.com/range; "
                + "plain http is for a service on this machine.")
            .Validate(o => o.RangeCheckTimeout > TimeSpan.Zero && o.RangeCheckTimeout <= TimeSpan.FromSeconds(10),
                "Passwords__RangeCheckTimeout must be more than zero and at most 00:00:10: so long waits who chooses.")
            .Validate(o => o.QueueLimit is null or > 0, "Passwords__QueueLimit must be 1 or more.");
    }
}
