using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
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
        const string Victim = "victim@portal.test";
        await using var sink = SmtpSink.Start();
        sink.Gate = mail => mail.Sender == Victim && sink.Received.Count(each => each.Sender == Victim) >= 5
            ? Task.Delay(Timeout.Infinite) // it is in the middle of a batch of twenty, and stays there
            : Task.CompletedTask;
        var settings = sink.Settings("__");
        settings["Mail__From"] = Victim;
        settings["Mail__Timeout"] = "00:05:00"; // so that its leases, of 40 minutes, are known from the survivor's
        await WriteTogetherAsync("killed");
        await using var killed = await PortalProcess.StartAndWaitAsync(author.Database, settings);
        await SentByAsync(Victim, 1);
        await using var survivor = Sending(new(sink.Settings()) { ["Mail:Timeout"] = "00:01:00" });
        await SentByAsync(Victim, 5);
        await SentByAsync("no-reply@portal.test", 1);
        killed.Kill();
        await killed.ExitAsync(TimeSpan.FromSeconds(10));

        // What it had claimed and not sent waits until its lease is over, which another letter has the survivor see.
        const string Claimed = "next_attempt_at > now() + interval '20 minutes'";
        Assert.True(await Eventually.IsTrueAsync(
            async () => await author.ScalarAsync<long>($"select count(*) from outbox where not ({Claimed})") == 0,
            TimeSpan.FromSeconds(60)));
        Assert.InRange(await author.ScalarAsync<long>($"select count(*) from outbox where {Claimed}"), 1, 20);
        await author.ExecuteAsync("update outbox set next_attempt_at = now()");
        await survivor.WriteAsync("another@example.com");
        Assert.True(await author.OutboxEmptiesAsync(30));
        Assert.Equal(Count + 1, Recipients(sink).Distinct().Count());
        Assert.InRange(sink.Received.Count, Count + 1, Count + 2);

        async Task SentByAsync(string sender, int count) => Assert.True(await Eventually.IsTrueAsync(
            () => Task.FromResult(sink.Received.Count(mail => mail.Sender == sender) >= count),
            TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Killed_between_the_servers_taking_a_mail_and_saying_so_it_leaves_that_one_to_come_twice()
    {
        await using var sink = SmtpSink.Start();
        sink.Slowness = TimeSpan.FromMinutes(1);
        var settings = sink.Settings("__");
        settings["Mail__Timeout"] = "00:01:00";
        await using var killed = await PortalProcess.StartAndWaitAsync(author.Database, settings);
        await author.WriteAsync("between@example.com");
        await sink.WaitForAsync(1);
        killed.Kill();
        await killed.ExitAsync(TimeSpan.FromSeconds(10));
        sink.Slowness = TimeSpan.Zero;

        Assert.Equal(1, await author.ScalarAsync<long>("select count(*) from outbox where next_attempt_at > now()"));
        await author.ExecuteAsync("update outbox set next_attempt_at = now()"); // the lease is over
        await using var survivor = Sending(sink.Settings());
        Assert.True(await author.OutboxEmptiesAsync());
        Assert.Equal(2, sink.Received.Count);
        Assert.Single(sink.Received.Select(mail => mail.Message.MessageId).Distinct());
    }

    [Fact]
    public async Task What_one_has_claimed_is_nobody_elses_until_its_lease_ends()
    {
        await author.WriteAsync("leased@example.com");
        await using var scope = author.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<OutboxStore>();
        var lease = TimeSpan.FromMinutes(2);

        var first = Assert.Single(await store.ClaimAsync(20, lease, noticesFirst: false, default));
        Assert.Empty(await store.ClaimAsync(20, lease, noticesFirst: false, default));
        await PassAsync(lease - TimeSpan.FromMinutes(1));
        Assert.Empty(await store.ClaimAsync(20, lease, noticesFirst: false, default));
        await PassAsync(TimeSpan.FromMinutes(1));
        var second = Assert.Single(await store.ClaimAsync(20, lease, noticesFirst: false, default));

        Assert.Equal((first.Id, 1, 2), (second.Id, first.Attempts, second.Attempts));
        await store.PostponeAsync(first, TimeSpan.FromDays(1), "too late to say so", default);
        await store.ReleaseAsync(first, default);
        Assert.Empty(await store.ClaimAsync(20, lease, noticesFirst: false, default));
        await store.RemoveAsync(second, default);

        Task PassAsync(TimeSpan time) =>
            author.ExecuteAsync("update outbox set next_attempt_at = next_attempt_at - @time", new { time });
    }

    [Fact]
    public async Task When_one_is_stopped_in_the_middle_each_mail_comes_once()
    {
        await using var sink = SmtpSink.Start();
        sink.Slowness = TimeSpan.FromMilliseconds(30);
        var one = Sending(new(sink.Settings()) { ["Mail:Timeout"] = "00:05:00" }); // its leases are of 40 minutes
        for (var number = 0; number < Count; number++)
            await one.WriteAsync($"stopped{number}@example.com");
        await sink.WaitForAsync(Count / 4);
        await one.DisposeAsync();
        Assert.InRange(sink.Received.Count, Count / 4, Count - 1);

        await using var two = Sending(sink.Settings());
        Assert.True(await author.OutboxEmptiesAsync(60)); // what was given back needs no lease to end
        Assert.Equal(Count, sink.Received.Count);
        Assert.Equal(Count, Recipients(sink).Distinct().Count());
    }

    /// <summary>All at once, so that each portal claims a whole batch.</summary>
    private async Task WriteTogetherAsync(string name)
    {
        await using var scope = author.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await scope.ServiceProvider.GetRequiredService<Db>().InTransactionAsync(
            async () =>
            {
                for (var number = 0; number < Count; number++)
                    await outbox.AddAsync($"{name}{number}@example.com", "Ada", Mailbox.Letter, null, default);
            },
            default);
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
