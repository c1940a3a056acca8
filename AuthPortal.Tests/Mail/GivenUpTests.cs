using System.Diagnostics.Metrics;
using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>A mail that can't be sent does not wait for ever, and does not go unnoticed.</summary>
public sealed class GivenUpTests(Portal portal) : IClassFixture<Portal>
{
    private const string GivenUp = """
        select d.details::text
          from audit_events e join audit_details d using (seq)
         where e.type = 'mail-given-up' and d.user_id is null
        """;

    [Fact]
    public async Task Given_up_it_leaves_an_event_and_a_count_and_nothing_of_its_words()
    {
        foreach (var (key, value) in SmtpSink.SettingsFor(LoopbackPort.TakeForGood()))
            portal.Settings[key] = value;
        portal.Settings["Mail:GiveUpAfter"] = "00:00:01";
        portal.Stranger().Dispose();
        var givenUp = new List<long>();
        using var listener = Listen(portal.Services.GetRequiredService<IMeterFactory>(), givenUp);

        await portal.WriteAsync("ada@example.com");

        Assert.True(await portal.OutboxEmptiesAsync());
        await portal.SettledAsync(); // it is counted once it is gone
        var details = Assert.Single(await portal.ListAsync<string>(GivenUp));
        Assert.Contains("ConnectionRefused", details, StringComparison.Ordinal);
        Assert.DoesNotContain("ada", details, StringComparison.Ordinal);
        Assert.Equal([1], givenUp);
    }

    [Fact]
    public async Task Without_a_server_it_waits_for_one_and_is_given_up_in_time()
    {
        await using var first = new Portal();
        await first.InitializeAsync();
        await first.WriteAsync("old@example.com");
        await first.WriteAsync("new@example.com");
        await first.ExecuteAsync(
            "update outbox set created_at = now() - interval '2 days' where to_address = 'old@example.com'");

        await using var later = first.Sibling();
        later.Stranger().Dispose();

        await later.SettledAsync();
        Assert.Single(await first.ListAsync<string>(GivenUp));
        Assert.Single(await first.MailToAsync("new@example.com"));
        Assert.Empty(await first.MailToAsync("old@example.com"));

        await using var sink = SmtpSink.Start();
        await using var configured = first.Sibling(other =>
        {
            foreach (var (key, value) in sink.Settings())
                other.Settings[key] = value;
        });
        configured.Stranger().Dispose();
        await sink.WaitForMailToAsync("new@example.com");
        await TestServer.DropDatabaseAsync(first.Database);
    }

    private static MeterListener Listen(IMeterFactory meters, List<long> counts)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == MailMeter.GivenUpCounter && instrument.Meter.Scope == meters)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => counts.Add(count));
        listener.Start();
        return listener;
    }
}
