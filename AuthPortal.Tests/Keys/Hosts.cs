using System.Collections.Concurrent;
using AuthPortal.Database;
using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AuthPortal.Tests.Keys;

/// <summary>A portal that has keys and nothing else.</summary>
internal static class Hosts
{
    public static WebApplicationBuilder Builder(
        Dictionary<string, string?> settings, string environment = "Production", string publicUrl = Rings.PublicUrl)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddRouting();
        builder.Services.Configure<PortalOptions>(options => options.PublicUrl = publicUrl);
        builder.Services.AddSingleton(builder.FindDataFolder());
        builder.AddKeys();
        return builder;
    }

    public static WebApplication Build(
        Dictionary<string, string?> settings, string environment = "Production", string publicUrl = Rings.PublicUrl)
    {
        var app = Builder(settings, environment, publicUrl).Build();
        app.MapJwks();
        return app;
    }

    public static async Task<HttpClient> ServeAsync(this WebApplication app)
    {
        await app.StartAsync();
        return app.GetTestClient();
    }
}

/// <summary>Keeps what was logged as a warning or worse.</summary>
internal sealed class Warnings : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Messages { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Messages.Enqueue(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
