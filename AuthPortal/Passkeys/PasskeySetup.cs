using AuthPortal.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passkeys;

internal static class PasskeySetup
{
    public static void AddPasskeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<RelyingParty>();
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>, PasskeyRules>();
        services.AddSingleton<PasskeyChallenges>();
        services.AddScoped<PasskeyStore>();
        services.AddScoped<IWayIn>(provider => provider.GetRequiredService<PasskeyStore>());
        services.AddScoped<IdentityPasskeys>();
        services.AddScoped<PasskeyRegistration>();
        services.AddScoped<PasskeyAssertion>();

        // Of ASP.NET Core Identity the passkeys alone: the handler reaches its store through a UserManager, of which
        // it uses nothing else.
        services.AddScoped<IPasskeyHandler<User>>(provider => new PasskeyHandler<User>(
            ManagerOf(provider.GetRequiredService<IdentityPasskeys>()),
            provider.GetRequiredService<IOptions<IdentityPasskeyOptions>>()));
    }

    private static UserManager<User> ManagerOf(IdentityPasskeys store) =>
        new(store, null!, null!, null!, null!, null!, null!, null!, null!);
}
