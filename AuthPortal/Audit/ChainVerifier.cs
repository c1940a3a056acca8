using AuthPortal.Database;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Audit;

/// <param name="Events">How many were found sound, from the beginning on.</param>
/// <param name="Erased">How many of them had their details erased.</param>
/// <param name="Head">Null where it was removed.</param>
/// <param name="Fault">The first one; null where all is as it was written.</param>
internal sealed record ChainReport(
    long Events, long Erased, UnsealedEvents Unsealed, ChainHead? Head, ChainFault? Fault);

/// <summary>
/// Walks the whole chain, a page at a time, and sees one moment of it however long it takes. It changes nothing.
/// </summary>
internal sealed class ChainVerifier(
    Db db, ChainStore chain, HeadSignature signature, IOptions<PortalOptions> portal)
{
    private const int PageSize = 1000;

    /// <param name="noted">What the head was at another time; null where nobody noted it.</param>
    public async Task<ChainReport> VerifyAsync(ChainNote? noted, CancellationToken ct)
    {
        ChainReport? report = null;
        await db.InSnapshotAsync(async () => report = await LookAsync(noted, ct), ct);
        return report!;
    }

    private async Task<ChainReport> LookAsync(ChainNote? noted, CancellationToken ct)
    {
        var unsealed = await chain.CountUnsealedAsync(ct);
        if (await chain.FindHeadAsync(ct) is not { } head)
        {
            var gone = new ChainFault(ChainFault.Removed, 0, "the one row of audit_head was removed.");
            return new ChainReport(0, 0, unsealed, null, gone);
        }

        var walk = new ChainWalk(head, noted);
        var fault = await WalkAsync(walk, ct) ?? FaultOfEnd(walk, head) ?? FaultOfHead(head, noted);
        return new ChainReport(walk.Place - head.AnchorPlace, walk.Erased, unsealed, head, fault);
    }

    private async Task<ChainFault?> WalkAsync(ChainWalk walk, CancellationToken ct)
    {
        // From before the anchor: what retention removed must not be there either.
        var (place, seq) = (long.MinValue, long.MinValue);
        for (; ; )
        {
            var page = await chain.ListSealedAsync(place, seq, PageSize, ct);
            foreach (var next in page)
            {
                if (walk.Take(next) is { } fault)
                    return fault;
                (place, seq) = (next.Place, next.Seq);
            }

            if (page.Count < PageSize)
                return null;
        }
    }

    private static ChainFault? FaultOfEnd(ChainWalk walk, ChainHead head)
    {
        if (walk.Place < head.Place)
        {
            var last = head.Place == walk.Place + 1 ? "was" : $"and all after it, up to {head.Place}, were";
            return new(ChainFault.Removed, walk.Place + 1, $"event {walk.Place + 1} {last} removed.");
        }

        return walk.Hash.AsSpan().SequenceEqual(head.Hash)
            ? null
            : new(ChainFault.Altered, head.Place, $"event {head.Place} is not the one that was sealed last.");
    }

    private ChainFault? FaultOfHead(ChainHead head, ChainNote? noted)
    {
        if (noted is not null && noted.Place > head.Place)
        {
            return new(ChainFault.Removed, head.Place + 1,
                $"event {head.Place + 1} and all after it, up to {noted.Place} at least, were removed.");
        }

        if (noted is not null && noted.Place < head.AnchorPlace)
        {
            return new(ChainFault.Removed, noted.Place,
                $"event {noted.Place}, which was noted, has left by retention since: note the head anew.");
        }

        if (noted is not null && noted.Place == head.AnchorPlace && !noted.Hash.AsSpan().SequenceEqual(head.AnchorHash))
            return new(ChainFault.Altered, noted.Place, $"event {noted.Place}, removed since, is not the one noted.");
        if (head.Place > 0 && !signature.Holds(head))
        {
            return new(ChainFault.Unsigned, head.Place, $"event {head.Place} ends a chain that no listed secret has "
                + "signed: this is not the portal's BETTER_AUTH_SECRET, or not its Portal__PublicUrl "
                + $"({portal.Value.PublicUrl}), which is part of every key; or somebody wrote it who has not the "
                + "secret.");
        }

        return head.SignedFrom > Math.Max(head.AnchorPlace, noted?.Place ?? 0)
            ? new(ChainFault.Unsigned, head.SignedFrom, $"up to event {head.SignedFrom} no listed secret had signed "
                + "the chain when the next was sealed: a secret or the public URL was changed at once, or somebody "
                + "wrote it who has not the secret. Once you know which, note the head and give it with --expect.")
            : null;
    }
}
