namespace AuthPortal.Web;

/// <summary>
/// A background service that works in turns and rests in between: until its time has come, it is woken, or the portal
/// stops. It knows at every moment whether it rests, so that its work can be waited for.
/// </summary>
internal abstract class BackgroundRoutine : BackgroundService
{
    private readonly Lock _gate = new();

    private TaskCompletionSource<bool>? _rest;
    private TaskCompletionSource _resting = NewSignal();
    private Task? _finish;
    private bool _isWoken;
    private long _turns = 1;

    /// <summary>Completes when the routine rests: all that it was woken for before is done then.</summary>
    public Task Resting
    {
        get
        {
            lock (_gate)
                return _resting.Task;
        }
    }

    /// <summary>How many turns have begun. A turn begins in the moment in which its cause happens.</summary>
    public long Turns
    {
        get
        {
            lock (_gate)
                return _turns;
        }
    }

    /// <summary>Ends the rest. Where the routine does not rest now, its next rest ends at once.</summary>
    protected void Wake()
    {
        lock (_gate)
        {
            if (!TryEndRest(isWoken: true))
                _isWoken = true;
        }
    }

    /// <summary>Returns when the time is over, when the routine is woken, or when the portal stops.</summary>
    /// <returns>True where it was woken.</returns>
    protected async Task<bool> RestAsync(TimeSpan time, TimeProvider clock, CancellationToken stoppingToken)
    {
        var rest = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isWoken || stoppingToken.IsCancellationRequested)
            {
                (var isWoken, _isWoken) = (_isWoken, false);
                return isWoken;
            }

            _rest = rest;
        }

        // It is said to rest only now that its timer runs, so that no movement of the clock is missed.
        await using var timer = clock.CreateTimer(_ => EndRest(rest), null, time, Timeout.InfiniteTimeSpan);
        await using var stop = stoppingToken.Register(() => EndRest(rest));
        lock (_gate)
        {
            if (_rest == rest)
                _resting.TrySetResult();
        }

        return await rest.Task;
    }

    /// <summary>Works and rests until the portal stops; or ends at once, where there is nothing to do.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>
    /// Does what must not be left undone. It runs once, when the last turn is over; also where the portal is stopped
    /// so soon after its start that no turn ever began. The host's limit for stopping holds for it too.
    /// </summary>
    protected virtual Task FinishAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is null or { IsCompleted: true }) // else a turn outlived the limit: nothing begins beside it
        {
            await FinishOnceAsync().WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_gate)
            _resting.TrySetResult();
    }

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        finally
        {
            lock (_gate)
                _resting.TrySetResult();
        }
    }

    /// <summary>Several may tell a host to stop at once; none of them is told that it has before it is so.</summary>
    private Task FinishOnceAsync()
    {
        lock (_gate)
            return _finish ??= FinishAsync();
    }

    /// <param name="rest">The rest whose time is over; where it has ended already, the next one goes on.</param>
    private void EndRest(TaskCompletionSource<bool> rest)
    {
        lock (_gate)
        {
            if (_rest == rest)
                TryEndRest(isWoken: false);
        }
    }

    private bool TryEndRest(bool isWoken)
    {
        if (_rest is not { } rest)
            return false;
        _rest = null;
        _turns++;
        if (_resting.Task.IsCompleted)
            _resting = NewSignal();
        rest.TrySetResult(isWoken);
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
