using AuthPortal.Web;

namespace AuthPortal.Throttling;

/// <summary>
/// Deletes what is past, hourly, and only where something was taken since: a serverless database may sleep.
/// </summary>
internal sealed partial class ThrottleSweeper(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<ThrottleSweeper> log) : BackgroundRoutine
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private volatile bool _used;

    public void Note() => _used = true;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RestAsync(Every, clock, stoppingToken);
            if (!_used || stoppingToken.IsCancellationRequested)
                continue;
            try
            {
                _used = false;
                await using var scope = scopes.CreateAsyncScope();
                var store = scope.ServiceProvider.GetRequiredService<ThrottleStore>();
                await store.DeletePastAsync(clock.UnlessTheMachines(), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _used = true;
                LogFailing(log, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Can't delete what is past of the throttle; in an hour again")]
    private static partial void LogFailing(ILogger log, Exception cause);
}
