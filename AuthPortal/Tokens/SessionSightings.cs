using System.Collections.Concurrent;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// Writes down when sessions were renewed, a minute's worth in one statement and none where there was nothing. So a
/// renewal stays the one read that it is: it waits for no write, and goes on where the database takes none (a
/// read-only standby). An instance that is killed loses its last minute: those devices then look a renewal older.
/// </summary>
internal sealed partial class SessionSightings(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<SessionSightings> log) : BackgroundRoutine
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Sighting> _unwritten = new();
    private bool _failing;

    public void Note(Session session) => _unwritten[session.Id] =
        new Sighting(session.Id, session.UserId, clock.GetUtcNow(), session.End);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await RestAsync(WriteEvery, clock, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
                return;
            await WriteAsync();
        }
    }

    protected override Task FinishAsync() => WriteAsync();

    private async Task WriteAsync()
    {
        // One that is noted again meanwhile is another value, and stays for the next time.
        var seen = _unwritten.Where(_unwritten.TryRemove).Select(entry => entry.Value).ToList();
        if (seen.Count == 0)
            return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var store = scope.ServiceProvider.GetRequiredService<SightingStore>();
            await store.AddAsync(seen, CancellationToken.None);
            await store.DeleteExpiredAsync(clock.GetUtcNow(), CancellationToken.None);
            _failing = false;
        }
        catch (Exception e)
        {
            // Not kept for another try: it is only a report, and must not grow while the database is away.
            if (!_failing)
                LogLost(log, e);
            _failing = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Can't write down which sessions were renewed: devices look longer unused")]
    private static partial void LogLost(ILogger log, Exception cause);
}
