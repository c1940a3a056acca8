using AuthPortal.Database;
using AuthPortal.Keys;
using AuthPortal.Web;

namespace AuthPortal.Audit;

/// <summary>
/// Puts on record which keys sign: at start, before the first request, and when the calendar has turned. Told once,
/// however many instances see it.
/// </summary>
internal sealed partial class KeyChangeWatch(
    KeyRing ring, IServiceScopeFactory scopes, TimeProvider clock, ILogger<KeyChangeWatch> log) : BackgroundRoutine
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly Client Nobody = new(null, null);

    private string? _told;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TellAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RestAsync(Every, clock, stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
                await TellAsync();
        }
    }

    private async Task TellAsync()
    {
        // While this process runs, nothing changes but the epoch: the database is asked for nothing else.
        var keys = ring.InUse;
        if (keys.Label == _told)
            return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            await services.GetRequiredService<Db>().InTransactionAsync(
                async () =>
                {
                    var store = services.GetRequiredService<AuditedKeysStore>();
                    var audit = services.GetRequiredService<AuditStore>();
                    if (await store.TellAsync(keys.Fingerprint, CancellationToken.None))
                        await audit.RecordAsync(Event(keys), CancellationToken.None);
                },
                CancellationToken.None);
            _told = keys.Label;
        }
        catch (Exception e)
        {
            LogUntold(log, e);
        }
    }

    private static AuditEvent Event(KeysInUse keys) => new(
        AuditTypes.KeysChanged,
        null,
        null,
        Nobody,
        ("algorithm", keys.Algorithm),
        ("kid", keys.Kid),
        ("signs", keys.Label),
        ("secrets", keys.Secrets));

    [LoggerMessage(LogLevel.Warning, "Can't put on record which keys sign; in ten minutes again")]
    private static partial void LogUntold(ILogger log, Exception cause);
}
