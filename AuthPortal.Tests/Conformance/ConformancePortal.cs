using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Conformance;

/// <summary>A fresh portal set up as the recorded server was. In Development, where mail is kept and not sent.</summary>
internal sealed class ConformancePortal : Portal, IStartupFilter
{
    /// <summary>Moved by the replay: what took the recorded server seconds may take this one its own time.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public static async Task<ConformancePortal> StartAsync(string config)
    {
        var portal = new ConformancePortal { Environment = Environments.Development };
        portal.Settings["Accounts:RequireVerifiedEmail"] = config == "require-verification" ? "true" : "false";
        portal.Clock = portal.Time;
        if (config == "https-base")
        {
            portal.Settings["Portal:PublicUrl"] = "https://auth.example.com";
            portal.Settings["Portal:TrustedOrigins:0"] = "https://app.example.com";
            portal.Settings["Portal:TrustedOrigins:1"] = "https://a.example.org";
        }

        await portal.InitializeAsync();
        return portal;
    }

    public string Origin => Settings["Portal:PublicUrl"]!;

    /// <summary>A program that keeps nothing and follows nothing.</summary>
    public HttpClient Client()
    {
        var http = CreateClient(new WebApplicationFactoryClientOptions
        {
            BaseAddress = new Uri(Origin),
            AllowAutoRedirect = false,
            HandleCookies = false,
        });
        http.DefaultRequestHeaders.UserAgent.ParseAdd("curl/7.88.1");
        return http;
    }

    public Task EndAsync() => ((IAsyncLifetime)this).DisposeAsync();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // A test server has no network, and so no addresses.
        app.Use((context, go) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Loopback;
            return go(context);
        });
        next(app);
    };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));
    }
}
