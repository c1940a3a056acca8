using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>
/// A bounded line that is fair by network. Anybody may fill it while it has room. Next is whose network has asked least
/// of late, and where there is no room, whose network has asked most loses the place: of all /48s first, then of that
/// one's /56s, then of that one's /64s (of IPv4: /16, /24), so that nobody gains by having many. What was turned away
/// counts as asked.
/// <para>
/// Half of the room and every other turn are for callers who are known, where both kinds wait: strangers, however many
/// there are, don't keep people from their own accounts.
/// </para>
/// <para>Not thread-safe; <see cref="HashingQueue"/> holds the lock.</para>
/// </summary>
internal sealed class FairLine<T>(int limit, TimeProvider clock) where T : class
{
    private readonly RecentLoad _load = new(clock);
    private readonly List<Place> _waiting = []; // in the order they came
    private bool _isKnownNext;

    public int Count => _waiting.Count;

    /// <param name="free">For how many there is room besides, because they need not wait.</param>
    /// <param name="displaced">Who lost a place to the newcomer; null for nobody.</param>
    /// <returns>False where there is no place.</returns>
    public bool TryAdd(HashingCaller caller, T item, int free, out T? displaced)
    {
        var place = new Place(AddressBlock.PathOf(caller.Address), caller.IsKnown, item);
        foreach (var network in place.Networks)
            _load.Note(network);
        _waiting.Add(place);
        displaced = null;
        if (_waiting.Count <= limit + free)
            return true;

        var knownHaveMore = _waiting.Count(each => each.IsKnown) > (limit + 1) / 2;
        var loser = Choose(Lane(knownHaveMore).Reverse(), Enumerable.MaxBy);
        _waiting.Remove(loser);
        displaced = loser == place ? null : loser.Item;
        return loser != place;
    }

    /// <summary>Null where nobody waits.</summary>
    public T? Take()
    {
        if (_waiting.Count == 0)
            return null;
        var isKnown = Lane(_isKnownNext).Any() ? _isKnownNext : !_isKnownNext;
        var next = Choose(Lane(isKnown), Enumerable.MinBy);
        _isKnownNext = !isKnown;
        _waiting.Remove(next);
        return next.Item;
    }

    /// <summary>False where the item does not wait (any more).</summary>
    public bool Remove(T item) => _waiting.RemoveAll(place => place.Item.Equals(item)) > 0;

    private IEnumerable<Place> Lane(bool isKnown) => _waiting.Where(place => place.IsKnown == isKnown);

    /// <summary>From the widest networks to the narrowest; of equals, who is first among these.</summary>
    private Place Choose(
        IEnumerable<Place> places,
        Func<IEnumerable<IGrouping<AddressBlock, Place>>,
            Func<IGrouping<AddressBlock, Place>, int>, IGrouping<AddressBlock, Place>?> by)
    {
        for (var level = 0; level < AddressBlock.LongestPath; level++)
            places = by(places.GroupBy(place => place.Network(level)), group => _load.Of(group.Key))!;
        return places.First();
    }

    private sealed record Place(IReadOnlyList<AddressBlock> Networks, bool IsKnown, T Item)
    {
        public AddressBlock Network(int level) => Networks[Math.Min(level, Networks.Count - 1)];
    }
}
