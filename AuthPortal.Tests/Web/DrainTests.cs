using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What a portal does between being told to stop and stopping.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task Told_to_stop_it_is_not_ready_and_serves_on_for_a_while_and_lets_no_connection_wait_for_more()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var portal = new Portal { Clock = time };
        await portal.InitializeAsync();
        portal.Settings["Shutdown:DrainFor"] = "00:00:20";
        var http = portal.Stranger();
        var before = await http.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        var lifetime = portal.Services.GetRequiredService<IHostApplicationLifetime>();
        lifetime.StopApplication(); // what SIGTERM does
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/healthz/ready")).StatusCode);
        var served = await http.SignUpAsync(Api.NewEmail());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.True(served.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz/live")).StatusCode);
        Assert.False(lifetime.ApplicationStopped.IsCancellationRequested);

        // The time to drain begins when the host gets to it, which nothing tells.
        await Eventually.SeeAsync("the portal stops", true, () => IsOverAsync(lifetime, time));
        await TestServer.DropDatabaseAsync(portal.Database);
    }

    [Theory]
    [InlineData(null, 9)]
    [InlineData("00:00:20", 26)]
    public async Task The_whole_way_down_takes_no_longer_than_draining_and_six_seconds(string? drainFor, int seconds)
    {
        await using var portal = new Portal();
        await portal.InitializeAsync();
        portal.Settings.Remove("Shutdown:DrainFor");
        if (drainFor is not null)
            portal.Settings["Shutdown:DrainFor"] = drainFor;

        var host = portal.Services.GetRequiredService<IOptions<HostOptions>>().Value;
        Assert.Equal(TimeSpan.FromSeconds(seconds), host.ShutdownTimeout);
        await TestServer.DropDatabaseAsync(portal.Database);
    }

    private static Task<bool> IsOverAsync(IHostApplicationLifetime lifetime, FakeTimeProvider time)
    {
        time.Advance(TimeSpan.FromSeconds(20));
        return Task.FromResult(lifetime.ApplicationStopped.IsCancellationRequested);
    }
}
