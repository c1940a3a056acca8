using System.Diagnostics;

namespace AuthPortal.Tests.Interop;

internal static class Wait
{
    /// <returns>How long it took, ten seconds at most.</returns>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> happened)
    {
        var waited = Stopwatch.StartNew();
        while (!await happened() && waited.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(50);
        return waited.Elapsed;
    }
}
