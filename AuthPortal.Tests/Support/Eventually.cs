using System.Diagnostics;

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
}
