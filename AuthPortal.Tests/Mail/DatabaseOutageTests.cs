using System.Net;
using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Mail;

[Collection(OutageServer.Run)]
public sealed class DatabaseOutageTests(OutageServer outages)
{
    [Fact]
    public async Task A_database_that_stops_while_mail_is_sent_ends_no_portal_and_loses_and_doubles_nothing()
    {
        const int Count = 10;
        var server = outages.Server;
        await using var sink = SmtpSink.Start();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.Gate = _ => sink.Received.Count < 3 ? Task.CompletedTask : stopped.Task;
        await using var portal = new Portal { Database = await outages.NewDatabaseAsync() };
        foreach (var (key, value) in sink.Settings())
            portal.Settings[key] = value;
        portal.Settings["Mail:Timeout"] = "00:01:00"; // as long as the sink may wait for the server to stop
        for (var number = 0; number < Count; number++)
            await portal.WriteAsync($"ada{number}@example.com");

        using var readings = new Readings(portal.Services);
        await sink.WaitForAsync(3);
        var sent = readings.Of(MailMeter.SentCounter).Count;
        await server.StopAsync();
        stopped.SetResult(); // the third is sent, and can't be taken out of the outbox
        Assert.True(await Eventually.IsTrueAsync(
            () => Task.FromResult(readings.Of(MailMeter.SentCounter).Count > sent), TimeSpan.FromSeconds(30)));
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/healthz/live")).StatusCode);
        await server.ContinueAsync();

        await sink.WaitForAsync(Count);
        Assert.True(await portal.OutboxEmptiesAsync());
        Assert.Equal(Count, sink.Received.SelectMany(mail => mail.Recipients).Distinct().Count());
        Assert.Equal(Count, sink.Received.Count);
    }
}
