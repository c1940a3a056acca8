using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Data;

/// <summary>
/// Erases the accounts whose grace period is over, at start and hourly: also those marked while
/// <c>Accounts:DeleteAfter</c> was another. Instances need not agree on who does it: one statement deletes, and
/// whoever comes second finds nobody. Former addresses go in the same round, once they can no longer be gone back to.
/// </summary>
internal sealed partial class ErasureWorker(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<ErasureWorker> log) : BackgroundRoutine
{
    // More often would keep a serverless database awake.
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        for (; !stoppingToken.IsCancellationRequested; await RestAsync(Every, clock, stoppingToken))
        {
            try
            {
                await EraseAllDueAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailing(log, e);
            }
        }
    }

    private async Task EraseAllDueAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var erasure = scope.ServiceProvider.GetRequiredService<AccountErasure>();
        var store = scope.ServiceProvider.GetRequiredService<ErasureStore>();
        await store.ForgetEmailsBeforeAsync(ct);
        foreach (var id in await store.ListDueAsync(ct))
        {
            try
            {
                await erasure.EraseDueAsync(id, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // One person's trouble must not keep the others.
                LogNotErased(log, id, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Can't look for accounts to erase; in an hour again")]
    private static partial void LogFailing(ILogger log, Exception cause);

    [LoggerMessage(LogLevel.Error, "The account {Id} is past due and could not be erased; in an hour again")]
    private static partial void LogNotErased(ILogger log, Guid id, Exception cause);
}
