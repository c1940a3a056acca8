using System.Globalization;
using AuthPortal.Database;
using AuthPortal.Web;

namespace AuthPortal.Audit;

/// <summary>
/// Removes the oldest events, a batch in one transaction, and keeps the last one's hash: what is left still proves
/// itself. Only what is sound is removed, or removing would destroy the proof that it was not.
/// </summary>
internal sealed class ChainRetention(Db db, ChainStore chain, HeadSignature signature, AuditStore audit)
{
    private const int BatchSize = 5000;

    private static readonly Client Nobody = new(null, null);

    public async Task RemoveBeforeAsync(DateTimeOffset time, CancellationToken ct)
    {
        var count = BatchSize;
        while (count == BatchSize)
        {
            await db.InTransactionAsync(
                async () =>
                {
                    await chain.LockAsync(ct);
                    count = await RemoveBatchAsync(time, ct);
                },
                ct);
        }
    }

    private async Task<int> RemoveBatchAsync(DateTimeOffset time, CancellationToken ct)
    {
        if (await chain.FindHeadAsync(ct) is not { } head)
            return 0;
        var walk = new ChainWalk(head);
        var count = 0;
        foreach (var happened in await chain.ListSealedAsync(head.AnchorPlace, long.MaxValue, BatchSize, ct))
        {
            // One that is younger ends it, though an older one may stand behind it: only a prefix can go.
            if (happened.At >= time)
                break;
            if (walk.Take(happened) is { } fault)
                throw new InvalidOperationException($"Nothing of the audit log is removed: {fault.Words}");
            count++;
        }

        if (count == 0)
            return 0;
        var moved = signature.Vouch(head) with { AnchorPlace = walk.Place, AnchorHash = walk.Hash };
        await chain.MoveHeadAsync(signature.Sign(moved), ct);
        await chain.RemoveAsync(walk.Place, ct);
        await audit.RecordAsync(Removed(head.AnchorPlace + 1, walk.Place, time), ct);
        return count;
    }

    private static AuditEvent Removed(long first, long last, DateTimeOffset before) => new(
        AuditTypes.EventsRemoved,
        null,
        null,
        Nobody,
        ("first", first.ToString(CultureInfo.InvariantCulture)),
        ("last", last.ToString(CultureInfo.InvariantCulture)),
        ("before", PortalJson.Date(before)));
}
