using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Tests.SecondFactor;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>Which letter leaves next where a slow mail server has many to take.</summary>
public sealed class TurnsTests
{
    private const int Count = 5;
    private static readonly Guid Ada = Guid.CreateVersion7();
    private static readonly Guid Grace = Guid.CreateVersion7();

    [Fact]
    public async Task A_link_that_comes_while_a_slow_server_takes_notices_is_the_next_to_leave()
    {
        var time = new FakeTimeProvider();
        await using var portal = new MailingPortal { Clock = time };
        await portal.InitializeAsync();
        portal.Sink.Gate = async _ =>
        {
            if (portal.Sink.Received.Count == 1)
                await portal.WriteAsync("link@example.com");
            time.Advance(TimeSpan.FromSeconds(3));
        };

        await TogetherAsync(
            portal, (outbox, n) => outbox.AddNoticeAsync($"ada{n}@example.com", "Ada", Mailbox.Letter, Ada, default));

        Assert.True(await portal.OutboxEmptiesAsync());
        var recipients = portal.Sink.Received.Select(mail => mail.Recipients.Single()).ToList();
        Assert.Equal("link@example.com", recipients[1]);
        Assert.Equal(Count + 1, recipients.Count);
        Assert.Equal(Count + 1, recipients.Distinct().Count());
    }

    /// <summary>Anybody can have links mailed, to made-up addresses: an owner's way back must leave all the same.</summary>
    [Fact]
    public async Task A_notice_leaves_however_many_links_keep_coming()
    {
        var time = new FakeTimeProvider();
        await using var portal = new MailingPortal { Clock = time };
        await portal.InitializeAsync();
        portal.Sink.Gate = async _ =>
        {
            if (portal.Sink.Received.Count == 1)
            {
                await portal.WithAsync<Outbox, int>(async outbox =>
                {
                    await outbox.AddNoticeAsync("ada@example.com", "Ada", Mailbox.Letter, Ada, default);
                    return 0;
                });
            }

            if (portal.Sink.Received.Count < 10)
                await portal.WriteAsync($"later{portal.Sink.Received.Count}@example.com");
            time.Advance(TimeSpan.FromSeconds(3));
        };

        await TogetherAsync(
            portal, (outbox, n) => outbox.AddAsync($"link{n}@example.com", "", Mailbox.Letter, Guid.CreateVersion7(), default));

        Assert.True(await portal.OutboxEmptiesAsync());
        var recipients = portal.Sink.Received.Select(mail => mail.Recipients.Single()).ToList();
        Assert.InRange(recipients.IndexOf("ada@example.com"), 1, 4);
    }

    [Fact]
    public async Task Many_links_about_one_person_wait_for_a_later_one_about_another()
    {
        await using var portal = new MailedPortal();
        await portal.InitializeAsync();
        await TogetherAsync(
            portal, (outbox, n) => outbox.AddAsync($"ada{n}@example.com", "Ada", Mailbox.Letter, Ada, default));
        await portal.WithAsync<Outbox, int>(async outbox =>
        {
            await outbox.AddAsync("grace@example.com", "Grace", Mailbox.Letter, Grace, default);
            return 0;
        });
        await portal.SettledAsync(); // the worker has tried them all, in vain
        await portal.ExecuteAsync("update outbox set next_attempt_at = created_at");

        var claimed = await portal.WithAsync<OutboxStore, IReadOnlyList<OutgoingMail>>(
            outbox => outbox.ClaimAsync(Count + 1, TimeSpan.FromMinutes(1), noticesFirst: false, default));

        Assert.Equal(Count + 1, claimed.Count);
        Assert.Equal("grace@example.com", claimed[0].ToAddress);
    }

    private static async Task TogetherAsync(Portal portal, Func<Outbox, int, Task> write)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<Outbox>();
        await scope.ServiceProvider.GetRequiredService<Db>().InTransactionAsync(
            async () =>
            {
                for (var n = 0; n < Count; n++)
                    await write(outbox, n);
            },
            default);
    }
}
