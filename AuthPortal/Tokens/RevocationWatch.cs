using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>Section <c>Revocations</c>.</summary>
internal sealed class RevocationOptions
{
    /// <summary>How often an instance looks for what the others revoked: from 0.1 s.</summary>
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After how long without a token to judge polling rests, so that a serverless database may sleep.
    /// </summary>
    public TimeSpan RestAfter { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Keeps <see cref="RevocationSet"/> current by polling: LISTEN would need a session, which poolers break.
/// </summary>
internal sealed partial class RevocationWatch(
    RevocationSet set,
    IServiceScopeFactory scopes,
    IOptions<RevocationOptions> options,
    TimeProvider clock,
    ILogger<RevocationWatch> log) : BackgroundRoutine
{
    // Longer than any transaction that writes a revocation: a row may become visible after its own time.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _polling = new(1, 1);

    // Timestamps, not times: a clock that is set back must not stop the polling.
    private long? _lastTry;
    private long? _lastPoll;
    private long? _lastSweep;
    private long _lastUse = clock.GetTimestamp();
    private int _resting;
    private volatile bool _failing;

    /// <summary>
    /// Whether tokens are judged by what every instance knows. False: they go on, for their own life.
    /// </summary>
    public bool IsCurrent => !_failing;

    /// <summary>Called for every token judged: notes the use, and catches up first where polling rested.</summary>
    public async ValueTask UseAsync(CancellationToken ct)
    {
        Interlocked.Exchange(ref _lastUse, clock.GetTimestamp());
        if (Volatile.Read(ref _resting) == 0)
            return;
        await PollAsync(ct);
        if (Interlocked.Exchange(ref _resting, 0) == 1)
            Wake();
    }

    /// <summary>Reads all that may be new; at first, and after a rest, everything that matters.</summary>
    /// <param name="patience">How long to try a database that does not answer; null for the usual time.</param>
    public async Task LoadAsync(TimeSpan? patience, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<RevocationStore>();
        var started = clock.GetTimestamp();
        var age = IsOver(_lastPoll, Overlap / 2) ? set.Window + Overlap : Overlap;
        foreach (var revoked in await store.ListYoungerThanAsync(age, patience, ct))
            set.Add(revoked);
        set.Prune();
        _lastPoll = started;
        _failing = false;

        if (!IsOver(_lastSweep, SweepEvery))
            return;
        _lastSweep = started;

        // A person's row ends with the session that wrote it, and their other devices' tokens may end later.
        await store.DeleteExpiredAsync(clock.GetUtcNow() - set.Window - Overlap, ct);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RestAsync(options.Value.PollEvery, clock, stoppingToken);
            if (clock.GetElapsedTime(Interlocked.Read(ref _lastUse)) > options.Value.RestAfter)
            {
                Volatile.Write(ref _resting, 1);
                await RestAsync(Timeout.InfiniteTimeSpan, clock, stoppingToken);
            }

            await PollAsync(stoppingToken);
        }
    }

    private async Task PollAsync(CancellationToken ct)
    {
        await _polling.WaitAsync(ct);
        try
        {
            // Whoever waited here for another's try has its outcome, be it a failure.
            if (!IsOver(_lastTry, options.Value.PollEvery / 2))
                return;
            await LoadAsync(Patience, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // Whatever it was: an exception that left here would end the portal, and tokens can still be judged.
            if (!_failing)
                LogFailing(log, e);
            _failing = true;
        }
        finally
        {
            _lastTry = clock.GetTimestamp();
            _polling.Release();
        }
    }

    private bool IsOver(long? since, TimeSpan time) => since is not { } at || clock.GetElapsedTime(at) > time;

    public override void Dispose()
    {
        _polling.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Can't read revocations; tokens go on for the rest of their lives")]
    private static partial void LogFailing(ILogger log, Exception cause);
}
