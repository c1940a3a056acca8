using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>
/// How much each network has asked for of late: every ten seconds, what was before counts half. Networks share a fixed
/// number of counters, so memory is bounded however many there are. Not thread-safe.
/// </summary>
internal sealed class RecentLoad(TimeProvider clock)
{
    private const int Counters = 1 << 14;
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(10);

    private readonly int[] _counts = new int[Counters];
    private long _halvedAt = clock.GetTimestamp();

    public void Note(AddressBlock network)
    {
        Forget();
        _counts[network.BucketOf(Counters)]++;
    }

    public int Of(AddressBlock network) => _counts[network.BucketOf(Counters)];

    private void Forget()
    {
        var halvings = (int)Math.Min(31, clock.GetElapsedTime(_halvedAt) / HalfLife);
        if (halvings == 0)
            return;
        _halvedAt = clock.GetTimestamp();
        for (var i = 0; i < Counters; i++)
            _counts[i] >>= halvings;
    }
}
