using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Audit;

/// <summary>Removes, at start and daily, what is older than <c>Audit:KeepDays</c>. Without it, nothing.</summary>
internal sealed partial class AuditRetention(
    IServiceScopeFactory scopes, IOptions<AuditOptions> options, TimeProvider clock, ILogger<AuditRetention> log)
    : BackgroundRoutine
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (options.Value.KeepDays is not { } days)
            return;
        for (; !stoppingToken.IsCancellationRequested; await RestAsync(Every, clock, stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var retention = scope.ServiceProvider.GetRequiredService<ChainRetention>();
                await retention.RemoveBeforeAsync(clock.GetUtcNow().AddDays(-days), stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailing(log, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Can't remove old events from the audit log; tomorrow again")]
    private static partial void LogFailing(ILogger log, Exception cause);
}
