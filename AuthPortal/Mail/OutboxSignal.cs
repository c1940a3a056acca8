namespace AuthPortal.Mail;

/// <summary>Wakes the <c>OutboxWorker</c> of this process when a letter has been committed.</summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0);

    public void Ring()
    {
        // One ring is enough, and one too many costs an idle look.
        if (_rung.CurrentCount == 0)
            _rung.Release();
    }

    /// <returns>True where it rang before the time was over.</returns>
    public async Task<bool> WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(time, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        try
        {
            await _rung.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _rung.Dispose();
}
