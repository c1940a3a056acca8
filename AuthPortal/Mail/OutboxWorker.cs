using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <summary>
/// Sends what the outbox holds: at once what this process committed, and by looking now and then what another
/// instance left behind.
/// </summary>
internal sealed partial class OutboxWorker(
    IServiceScopeFactory scopes,
    OutboxSignal signal,
    IOptions<MailOptions> options,
    TimeProvider clock,
    ILogger<OutboxWorker> log) : BackgroundRoutine
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // Looking more often would keep a serverless database awake, and only mail that died with another instance waits.
    private static readonly TimeSpan LongestWhileEmpty = TimeSpan.FromMinutes(30);

    // Somebody waits for a link; a notice must leave however many links strangers have mailed.
    private const int MostLinksInARow = 2;

    private TimeSpan _whileEmpty = options.Value.PollEvery;
    private bool _failing;
    private int _linksInARow;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        signal.Rung += Wake;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = await TryAsync(stoppingToken);
            if (await RestAsync(pause, clock, stoppingToken))
                _whileEmpty = options.Value.PollEvery;
        }
    }

    private async Task<TimeSpan> TryAsync(CancellationToken ct)
    {
        try
        {
            return await SendWhatIsDueAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever it was: an exception that left here would end the portal, and mail can wait.
            if (!_failing)
                LogBroken(log, e);
            _failing = true;
            return options.Value.PollEvery;
        }
    }

    /// <returns>How long to wait before looking again.</returns>
    private async Task<TimeSpan> SendWhatIsDueAsync(CancellationToken ct)
    {
        for (; ; )
        {
            // A scope for each batch: the connection to the server lives as long.
            await using var scope = scopes.CreateAsyncScope();
            var delivery = scope.ServiceProvider.GetRequiredService<OutboxDelivery>();
            var (claimed, failure, beganWithLink) = await delivery.DeliverAsync(_linksInARow >= MostLinksInARow, ct);
            _linksInARow = beganWithLink ? _linksInARow + 1 : 0;
            ct.ThrowIfCancellationRequested();
            if (failure is null && claimed > 0)
            {
                Recovered();
                continue;
            }

            if (failure is not null)
                Note(failure);
            var untilNext = await scope.ServiceProvider.GetRequiredService<MailOutcome>().LookAheadAsync(ct);
            return failure is null ? Pause(untilNext) : options.Value.PollEvery;
        }
    }

    private TimeSpan Pause(TimeSpan? untilNext)
    {
        if (untilNext is { } due)
        {
            _whileEmpty = options.Value.PollEvery;
            return TimeSpan.FromTicks(Math.Clamp(due.Ticks, Shortest.Ticks, Longest.Ticks));
        }

        var pause = _whileEmpty;
        _whileEmpty = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestWhileEmpty.Ticks));
        return pause;
    }

    private void Note(Exception failure)
    {
        if (!_failing)
            LogUnsendable(log, options.Value.Host!, options.Value.Port, MailFailure.InWords(failure));
        _failing = true;
    }

    private void Recovered()
    {
        if (_failing)
            LogRecovered(log);
        _failing = false;
    }

    [LoggerMessage(LogLevel.Warning, "Mail waits in the outbox: {Host}:{Port} {Reason}")]
    private static partial void LogUnsendable(ILogger log, string host, int port, string reason);

    [LoggerMessage(LogLevel.Warning, "Can't work through the outbox; mail waits there")]
    private static partial void LogBroken(ILogger log, Exception cause);

    [LoggerMessage(LogLevel.Information, "Mail is sent again")]
    private static partial void LogRecovered(ILogger log);
}
