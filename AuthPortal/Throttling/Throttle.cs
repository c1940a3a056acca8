using AuthPortal.Keys;

namespace AuthPortal.Throttling;

/// <summary>
/// Lets through a burst, then one at a time, by the generic cell rate algorithm (ITU-T I.371): one time stamp for
/// each subject, moved by one statement, so that all instances share it and of many at once exactly the burst passes.
/// <para>
/// Time is the database's, which all instances share: what one wrote whose clock had leapt ahead would keep people out
/// until the others got there. Taking is a write of its own: inside a transaction, what is undone would be given back.
/// </para>
/// </summary>
internal sealed class Throttle(
    ThrottleStore store, ThrottleSweeper sweeper, RecentRefusals recent, KeyedDigests digests, TimeProvider clock)
{
    /// <summary>Takes one of each, be it before a try whose outcome nobody knows; or of none.</summary>
    /// <returns>Null where it may be.</returns>
    public async Task<Exhausted?> TakeAsync(IReadOnlyCollection<Quota> quotas, CancellationToken ct)
    {
        if (quotas.Count == 0)
            return null;
        var keyed = Keyed(quotas);
        foreach (var (asked, (key, _)) in quotas.Zip(keyed))
        {
            if (recent.FindWait(key) is { } wait)
                return new Exhausted(asked, key, wait);
        }

        sweeper.Note();
        if (await store.TakeAsync(keyed, clock.UnlessTheMachines(), ct) is not { } refused)
            return null;
        var inVain = refused.InVain.Cast<byte[]>().ToList();
        if (inVain.Count > 0)
        {
            // Even if the caller has hung up (Limits.GiveBackAsync).
            await GiveBackAsync(
                [.. keyed.Where(each => inVain.Any(each.Key.SequenceEqual))], CancellationToken.None);
        }

        recent.Add(refused.Key, refused.Wait);

        // One that was given back meanwhile may be taken at once; to be told to wait is an answer all the same.
        var quota = quotas.Zip(keyed).First(pair => pair.Second.Key.AsSpan().SequenceEqual(refused.Key)).First;
        return new Exhausted(quota, refused.Key, refused.Wait > TimeSpan.Zero ? refused.Wait : TimeSpan.FromSeconds(1));
    }

    /// <inheritdoc cref="TakeAsync(IReadOnlyCollection{Quota}, CancellationToken)"/>
    /// <returns>Null where it may be; else how long until it may.</returns>
    public async Task<TimeSpan?> TakeAsync(ThrottleRule rule, string subject, CancellationToken ct) =>
        (await TakeAsync([new Quota(rule, subject)], ct))?.Wait;

    /// <summary>Gives back what was taken for a try that turned out right: its success cost nobody anything.</summary>
    public Task GiveBackAsync(IReadOnlyCollection<Quota> quotas, CancellationToken ct) =>
        quotas.Count == 0 ? Task.CompletedTask : GiveBackAsync(Keyed(quotas), ct);

    /// <inheritdoc cref="GiveBackAsync(IReadOnlyCollection{Quota}, CancellationToken)"/>
    public Task GiveBackAsync(ThrottleRule rule, string subject, CancellationToken ct) =>
        GiveBackAsync([new Quota(rule, subject)], ct);

    private async Task GiveBackAsync(List<(byte[] Key, ThrottleRule Rule)> keyed, CancellationToken ct)
    {
        await store.GiveBackAsync(keyed, ct);
        foreach (var (key, _) in keyed)
            recent.Forget(key);
    }

    private List<(byte[] Key, ThrottleRule Rule)> Keyed(IEnumerable<Quota> quotas) =>
        [.. quotas.Select(q => (digests.Of("throttle", $"{q.Rule.Name} {q.Subject}"), q.Rule))];
}

/// <summary>Whose time the throttle counts by.</summary>
internal static class ThrottleTime
{
    /// <returns>Null where it is the machine's: then the database's counts. A test may bring its own.</returns>
    public static DateTimeOffset? UnlessTheMachines(this TimeProvider clock) =>
        clock == TimeProvider.System ? null : clock.GetUtcNow();
}
