using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <summary>
/// In the worker's place where no mail server is configured: letters wait for one to be, and not for ever.
/// </summary>
internal sealed partial class OutboxSweeper(
    IServiceScopeFactory scopes, IOptions<MailOptions> options, TimeProvider clock, ILogger<OutboxSweeper> log)
    : BackgroundRoutine
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        LogNoServer(log, options.Value.GiveUpAfter);
        for (; !stoppingToken.IsCancellationRequested; await RestAsync(Every, clock, stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var outcome = scope.ServiceProvider.GetRequiredService<MailOutcome>();
                await outcome.GiveUpOldAsync(stoppingToken);
                await outcome.LookAheadAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailing(log, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Information,
        "Mail__Host is not set: mail waits in the outbox for a server, and is given up after {GiveUpAfter}")]
    private static partial void LogNoServer(ILogger log, TimeSpan giveUpAfter);

    [LoggerMessage(LogLevel.Warning, "Can't look for mail that is too old; in an hour again")]
    private static partial void LogFailing(ILogger log, Exception cause);
}
