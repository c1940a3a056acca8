namespace AuthPortal.Passwords;

/// <summary>
/// When those may come back who found no room: one after another, as fast as passwords are hashed here, so that all of
/// a burst who do as they are told get in. Not thread-safe.
/// </summary>
internal sealed class ComeBackTimes(int threads, TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    // A flood that never comes back as told must not keep others away for longer.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _average = TimeSpan.FromMilliseconds(150);
    private DateTimeOffset _next;

    /// <param name="busy">How long one password took: of the last few, it is the average that counts.</param>
    public void Learn(TimeSpan busy) => _average += (busy - _average) / 8;

    /// <param name="waiting">How many are before whoever asks.</param>
    /// <returns>In how long, 1 to 15 seconds.</returns>
    public TimeSpan Next(int waiting)
    {
        var now = clock.GetUtcNow();
        var drained = now + _average * waiting / threads;
        _next = (_next > drained ? _next : drained) + _average / threads;
        if (_next > now + Longest)
            _next = now + Longest;
        return _next - now > Shortest ? _next - now : Shortest;
    }
}
