using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>Two portals share one outbox.</summary>
public sealed class TwoPortalsTests(Portal author) : IClassFixture<Portal>
{
    private const int Count = 60;

    [Fact]
    public async Task Each_mail_is_sent_once_by_one_of_them()
    {
        await using var sink = SmtpSink.Start();
        sink.Slowness = TimeSpan.FromMilliseconds(5);
        await using var one = Sending(sink.Settings());
        await using var two = Sending(sink.Settings());
        for (var number = 0; number < Count; number++)
            await (number % 2 == 0 ? one : two).WriteAsync($"once{number}@example.com");

        Assert.True(await author.OutboxEmptiesAsync());
        Assert.Equal(Count, sink.Received.Count);
        Assert.Equal(Count, Recipients(sink).Distinct().Count());
    }

    [Fact]
    public async Task When_one_is_killed_in_the_middle_no_mail_is_lost_and_at_most_one_comes_twice()
    {
        await using var sink = SmtpSink.Start();
        sink.Slowness = TimeSpan.FromMilliseconds(30);
        var settings = sink.Settings("__");
        settings["Mail__Timeout"] = "00:00:01"; // the survivor waits eight times that for what the other claimed
        await using var killed = await PortalProcess.StartAndWaitAsync(author.Database, settings);
        await using var survivor = await PortalProcess.StartAndWaitAsync(author.Database, settings);
        for (var number = 0; number < Count; number++)
            await author.WriteAsync($"killed{number}@example.com");

        await sink.WaitForAsync(Count / 4);
        killed.Kill();

        Assert.True(await author.OutboxEmptiesAsync(20));
        Assert.Equal(Count, Recipients(sink).Distinct().Count());
        Assert.InRange(sink.Received.Count, Count, Count + 1);
    }

    [Fact]
    public async Task When_one_is_stopped_in_the_middle_each_mail_comes_once()
    {
        await using var sink = SmtpSink.Start();
        sink.Slowness = TimeSpan.FromMilliseconds(30);
        var one = Sending(sink.Settings());
        for (var number = 0; number < Count; number++)
            await one.WriteAsync($"stopped{number}@example.com");
        await sink.WaitForAsync(Count / 4);
        await one.DisposeAsync();
        Assert.InRange(sink.Received.Count, Count / 4, Count - 1);

        await using var two = Sending(sink.Settings());
        Assert.True(await author.OutboxEmptiesAsync(3)); // what was given back needs no lease to end
        Assert.Equal(Count, sink.Received.Count);
        Assert.Equal(Count, Recipients(sink).Distinct().Count());
    }

    private Portal Sending(Dictionary<string, string?> settings)
    {
        var sending = author.Sibling(other =>
        {
            foreach (var (key, value) in settings)
                other.Settings[key] = value;
        });
        sending.Stranger().Dispose(); // it starts
        return sending;
    }

    private static IEnumerable<string> Recipients(SmtpSink sink) => sink.Received.Select(mail => mail.Recipients.Single());
}
