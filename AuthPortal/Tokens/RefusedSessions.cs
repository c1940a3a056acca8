using System.Collections.Concurrent;

namespace AuthPortal.Tokens;

/// <summary>
/// Remembers of which ended sessions it is on record that they were used again, so that whoever goes on using one does
/// not fill the log.
/// </summary>
internal sealed class RefusedSessions
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<Guid, bool> _told = new();

    /// <returns>Whether this is the first time, as far as is remembered.</returns>
    public bool IsNew(Guid sid)
    {
        if (_told.ContainsKey(sid))
            return false;
        if (_told.Count >= Most)
            _told.Clear(); // each is told once more: no harm, and the room is bounded
        return _told.TryAdd(sid, true);
    }
}
