using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Mail;

/// <summary>A portal with a mail server of its own.</summary>
public sealed class MailingPortal : Portal
{
    internal SmtpSink Sink { get; } = SmtpSink.Start();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (key, value) in Sink.Settings())
            Settings.TryAdd(key, value);
        Stranger().Dispose(); // it starts the portal
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sink.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

internal static class Waiting
{
    public static Task<bool> OutboxEmptiesAsync(this Portal portal, double seconds = 60) => Eventually.IsTrueAsync(
        async () => await portal.ScalarAsync<long>("select count(*) from outbox") == 0, TimeSpan.FromSeconds(seconds));

    public static Task WaitForMailToAsync(this SmtpSink sink, string address) => Eventually.SeeAsync(
        $"a mail to {address}",
        () => string.Join(' ', sink.Received.SelectMany(mail => mail.Recipients)),
        recipients => recipients.Split(' ').Contains(address));
}
