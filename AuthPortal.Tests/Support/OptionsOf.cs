using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tests.Support;

/// <summary>What a part of the portal makes of its settings in production, without a portal.</summary>
internal static class OptionsOf
{
    /// <exception cref="OptionsValidationException">They are refused.</exception>
    public static T Read<T>(
        Action<WebApplicationBuilder> add, IEnumerable<KeyValuePair<string, string?>> settings)
        where T : class
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings);
        add(builder);
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<T>>().Value;
    }
}
