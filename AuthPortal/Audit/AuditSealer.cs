using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Audit;

/// <summary>
/// Seals, a second later at most, what this instance recorded; and at start and each hour what one that died has left.
/// Where nothing happens it asks nothing, so that a serverless database may sleep.
/// </summary>
internal sealed partial class AuditSealer(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<AuditSealer> log) : BackgroundRoutine
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private int _noted;
    private bool _failing;

    /// <summary>Called when an event is committed.</summary>
    public void Note() => Interlocked.Exchange(ref _noted, 1);

    /// <summary>What was noted and is not sealed yet, if anything. A failure is logged: there is a next time.</summary>
    /// <param name="onlyOwn">
    /// Whether to leave it to a portal where the head is not signed by a secret listed here: a tool's settings may be
    /// others than the portal's.
    /// </param>
    /// <param name="waits">Whether to wait for another instance that is at it, since there is no next time.</param>
    public async Task SealNotedAsync(bool onlyOwn, bool waits = false)
    {
        if (Interlocked.Exchange(ref _noted, 0) == 0)
            return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var sealing = scope.ServiceProvider.GetRequiredService<ChainSealing>();
            if (!await sealing.SealAllAsync(onlyOwn, waits, CancellationToken.None))
                Note();
            _failing = false;
        }
        catch (OptionsValidationException) when (onlyOwn)
        {
            // A tool may well run without the secret.
        }
        catch (Exception e)
        {
            Note();
            if (!_failing)
                LogFailing(log, e);
            _failing = true;
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        Note();
        var looked = clock.GetTimestamp();
        while (true)
        {
            await RestAsync(Every, clock, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
                return;
            if (clock.GetElapsedTime(looked) > LookEvery)
            {
                Note();
                looked = clock.GetTimestamp();
            }

            await SealNotedAsync(onlyOwn: false);
        }
    }

    protected override Task FinishAsync() => SealNotedAsync(onlyOwn: false, waits: true);

    [LoggerMessage(LogLevel.Error, "Can't seal the audit log; events are written, and wait for it")]
    private static partial void LogFailing(ILogger log, Exception cause);
}
