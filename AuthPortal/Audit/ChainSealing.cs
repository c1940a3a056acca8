using AuthPortal.Database;

namespace AuthPortal.Audit;

/// <summary>
/// Gives the events that have none their place in the chain, in one order and by one instance at a time. Whoever
/// records waits for nobody: an event that is committed late gets a late place.
/// </summary>
internal sealed partial class ChainSealing(
    Db db, ChainStore chain, HeadSignature signature, ILogger<ChainSealing> log)
{
    private const int BatchSize = 1000;

    /// <param name="onlyOwn">Whether to leave alone a head that is not signed by a listed secret.</param>
    /// <param name="waits">Whether to wait for another instance that is at it.</param>
    /// <returns>False where another instance is at it, which may not have seen what was written last.</returns>
    public async Task<bool> SealAllAsync(bool onlyOwn, bool waits, CancellationToken ct)
    {
        int? count;
        do
        {
            count = null;
            await db.InTransactionAsync(
                async () =>
                {
                    if (waits)
                        await chain.LockAsync(ct);
                    if (waits || await chain.TryLockAsync(ct))
                        count = await SealBatchAsync(onlyOwn, ct);
                },
                ct);
        }
        while (count == BatchSize);
        return count is not null;
    }

    private async Task<int> SealBatchAsync(bool onlyOwn, CancellationToken ct)
    {
        var found = await chain.FindHeadAsync(ct)
            ?? throw new InvalidOperationException("The one row of audit_head is gone: see docs/audit.md.");
        var isForeign = found.Place > 0 && !signature.Holds(found);
        if (isForeign && onlyOwn)
            return 0;
        if (isForeign)
            LogNotSigned(log, found.Place);

        var events = await chain.ListUnsealedAsync(BatchSize, ct);
        if (events.Count == 0 && signature.IsCurrent(found))
            return 0;

        var hash = found.Hash;
        var links = new List<(long, byte[])>(events.Count);
        foreach (var happened in events)
            links.Add((happened.Seq, hash = happened.HashAfter(hash)));
        await chain.SealAsync(found.Place + 1, links, ct);
        var moved = signature.Vouch(found) with { Place = found.Place + events.Count, Hash = hash };
        await chain.MoveHeadAsync(signature.Sign(moved), ct);
        return events.Count;
    }

    [LoggerMessage(LogLevel.Error,
        "The audit log up to event {Place} is not signed by a listed secret: a secret or the public URL was changed "
        + "without the old one listed, or somebody wrote to the database. See docs/audit.md")]
    private static partial void LogNotSigned(ILogger log, long place);
}
