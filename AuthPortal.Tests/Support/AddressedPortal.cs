using System.Net;
using AuthPortal.Throttling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A portal with mail and with time in the test's hand, whose callers say which address of the network they have. Who
/// says nothing has none.
/// </summary>
public class AddressedPortal : MailedPortal
{
    private const string Header = "X-Address-Of-Test";

    public AddressedPortal() => Clock = Time;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));

    /// <summary>A program that keeps nothing between calls.</summary>
    public HttpClient From(string address) => At(address, Stranger());

    /// <summary>One that keeps its cookies.</summary>
    public HttpClient ProgramAt(string address) => At(address, Program());

    /// <summary>A person at a browser.</summary>
    public PlainBrowser BrowserAt(string address) => new(At(address, FollowingClient()));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IStartupFilter, Addresses>());
    }

    private static HttpClient At(string address, HttpClient http)
    {
        http.DefaultRequestHeaders.Add(Header, address);
        return http;
    }

    private sealed class Addresses : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (IPAddress.TryParse(context.Request.Headers[Header], out var address))
                    context.Connection.RemoteIpAddress = address;
                return go(context);
            });
            next(app);
        };
    }
}

/// <summary>An addressed portal whose budgets have small bursts, and nothing more for a day.</summary>
public sealed class TightPortal : AddressedPortal
{
    public TightPortal()
    {
        foreach (var (setting, _) in new ThrottleOptions().Rules())
        {
            Settings[$"Throttling:{setting}:Burst"] = setting.EndsWith("Block", StringComparison.Ordinal) ? "6" : "3";
            Settings[$"Throttling:{setting}:Every"] = "1.00:00:00";
        }

        Settings["Throttling:SecondFactorAtMost:Burst"] = "6";
        Settings["Throttling:PasswordAtMost:Burst"] = "6";
        Settings["Throttling:Flood:Burst"] = "60"; // which all others pass
        foreach (var passedByMost in (string[])["ChangesByPerson", "ReadsByPerson"])
            Settings[$"Throttling:{passedByMost}:Burst"] = "30";
    }
}
