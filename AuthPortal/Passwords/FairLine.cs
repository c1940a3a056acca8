using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>
/// A bounded line that is fair by address block: the blocks take turns, however many each has waiting.
/// Not thread-safe; <see cref="HashingQueue"/> holds the lock.
/// </summary>
internal sealed class FairLine<T>(int limit, int limitPerBlock) where T : class
{
    // Each block's first, in the order of their turns; and behind them all that came later, in the order they came.
    private readonly LinkedList<Place> _firsts = [];
    private readonly LinkedList<Place> _others = [];

    public int Count => _firsts.Count + _others.Count;

    /// <summary>False where there is no place; <paramref name="displaced"/> lost one to the newcomer.</summary>
    public bool TryAdd(AddressBlock block, T item, out T? displaced)
    {
        displaced = null;
        var waiting = _firsts.Concat(_others).Count(place => place.Block == block);
        if (waiting >= limitPerBlock)
            return false;

        if (Count >= limit)
        {
            // Full. A block that has nobody waiting takes the place of another's second: a few blocks can't keep
            // everybody else out.
            if (waiting > 0 || _others.Last is not { } last)
                return false;
            displaced = last.Value.Item;
            _others.RemoveLast();
        }

        Add(block, item);
        return true;
    }

    /// <summary>Whatever the limits are.</summary>
    public void Add(AddressBlock block, T item)
    {
        var line = _firsts.Any(place => place.Block == block) ? _others : _firsts;
        line.AddLast(new Place(block, item));
    }

    /// <summary>Null where nobody waits.</summary>
    public T? Take()
    {
        if (_firsts.First is not { } next)
            return null;
        RemoveFirst(next);
        return next.Value.Item;
    }

    /// <summary>False where the item does not wait (any more).</summary>
    public bool Remove(T item)
    {
        if (Find(_firsts, place => place.Item == item) is { } first)
        {
            RemoveFirst(first);
            return true;
        }

        if (Find(_others, place => place.Item == item) is not { } other)
            return false;
        _others.Remove(other);
        return true;
    }

    // The block's next, if it has one, goes to the end of the turns.
    private void RemoveFirst(LinkedListNode<Place> first)
    {
        _firsts.Remove(first);
        if (Find(_others, place => place.Block == first.Value.Block) is not { } next)
            return;
        _others.Remove(next);
        _firsts.AddLast(next);
    }

    private static LinkedListNode<Place>? Find(LinkedList<Place> line, Predicate<Place> wanted)
    {
        for (var node = line.First; node is not null; node = node.Next)
        {
            if (wanted(node.Value))
                return node;
        }

        return null;
    }

    private readonly record struct Place(AddressBlock Block, T Item);
}
