using System.Net;
using AuthPortal.Tests.Keys;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>A clock that is astray is told by health, since the tokens made by it are refused elsewhere.</summary>
public sealed class ClockHealthTests(WatchedPortal portal) : IClassFixture<WatchedPortal>
{
    [Fact]
    public async Task A_clock_far_from_the_databases_is_named_with_how_far_and_told_to_the_log_once()
    {
        Assert.Equal("Healthy", await ClockAsync(ahead: 0));
        Assert.Equal("Healthy", await ClockAsync(ahead: 20));

        Assert.Matches(@"^Degraded: this machine's clock is \d\d\.\d s ahead of the database's", await ClockAsync(ahead: 90));
        await ClockAsync(ahead: 91);
        var told = Assert.Single(portal.Warnings.Messages, message => message.Contains("clock", StringComparison.Ordinal));
        Assert.Matches(@"^Health: clock is Degraded: this machine's clock is \d\d\.\d s ahead of", told);

        Assert.Matches(@"^Degraded: this machine's clock is \d+\.\d s behind the database's", await ClockAsync(ahead: -90));
        Assert.Equal("Healthy", await ClockAsync(ahead: 0));
    }

    /// <summary>Ready all the same: were it the database's clock that is astray, no instance would be left.</summary>
    private async Task<string> ClockAsync(int ahead)
    {
        portal.Time.AdjustTime(DateTimeOffset.UtcNow.AddSeconds(ahead));
        var response = await portal.Stranger().GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.JsonAsync())["checks"]!["clock"]!.GetValue<string>();
    }
}

/// <summary>A portal whose clock can be moved and whose warnings can be read.</summary>
public sealed class WatchedPortal : Portal
{
    public WatchedPortal() => Clock = Time;

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    internal Warnings Warnings { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureLogging(log => log.AddProvider(Warnings));
    }
}
