using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace AuthPortal.Tests.Support;

/// <summary>Waits for what another process or a background task will do.</summary>
internal static class Eventually
{
    /// <returns>Whether it came about in time.</returns>
    public static async Task<bool> IsTrueAsync(Func<Task<bool>> condition, TimeSpan within)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            if (await condition())
                return true;
            if (waited.Elapsed > within)
                return false;
        }
    }

    /// <summary>
    /// Moves time on by a second, and by another one, and each time waits for what an instance does about it.
    /// </summary>
    /// <param name="time">The instance's.</param>
    /// <returns>Whether it came about within so many seconds of the instance's time.</returns>
    public static async Task<bool> IsTrueWithinAsync(
        int seconds, FakeTimeProvider time, Func<Task<bool>> condition)
    {
        for (var second = 0; second < seconds; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            if (await IsTrueAsync(condition, TimeSpan.FromSeconds(5)))
                return true;
        }

        return false;
    }
}
