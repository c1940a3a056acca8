using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Mail;

public sealed class DatabaseOutageTests
{
    [Fact]
    public async Task A_database_that_stops_while_mail_is_sent_ends_no_portal_and_loses_and_doubles_nothing()
    {
        const int Count = 10;
        await using var server = await PrivateServer.StartAsync();
        await using var sink = SmtpSink.Start();
        sink.Slowness = TimeSpan.FromMilliseconds(100);
        await using var portal = new Portal();
        portal.Settings["ConnectionStrings:Portal"] = server.ConnectionString;
        foreach (var (key, value) in sink.Settings())
            portal.Settings[key] = value;
        for (var number = 0; number < Count; number++)
            await portal.WriteAsync($"ada{number}@example.com");

        await sink.WaitForAsync(2);
        await server.StopAsync();
        await Task.Delay(500);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/healthz/live")).StatusCode);
        await server.ContinueAsync();

        await sink.WaitForAsync(Count, seconds: 20);
        await Task.Delay(500);
        Assert.Equal(Count, sink.Received.SelectMany(mail => mail.Recipients).Distinct().Count());
        Assert.Equal(Count, sink.Received.Count);
    }
}
