using System.Diagnostics;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Waits for what another process or a background task will do. Where that is a portal's own background work, see
/// <see cref="Settling"/>, which needs no polling.
/// </summary>
internal static class Eventually
{
    /// <summary>
    /// How long a test waits for anything before it says that it will not come. No promise is measured by it: it only
    /// ends what hangs, and must be long enough for a machine that is busy with other work.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const string Waits = "waits for what another does";

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <returns>Whether it came about in time.</returns>
    public static async Task<bool> IsTrueAsync(Func<Task<bool>> condition, TimeSpan within)
    {
        using var cost = Costs.Of(Waits);
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(Between))
        {
            if (await condition())
                return true;
            if (waited.Elapsed > within)
                return false;
        }
    }

    /// <summary>Looks again and again until it sees what is awaited.</summary>
    /// <param name="awaited">What is waited for, as a sentence that the failure says.</param>
    /// <returns>What was seen.</returns>
    /// <exception cref="TimeoutException">It did not come. The message says what was waited for and seen last.</exception>
    public static async Task<T> SeeAsync<T>(string awaited, Func<Task<T>> look, Func<T, bool> isAwaited)
    {
        using var cost = Costs.Of(Waits);
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(Between))
        {
            var seen = await look();
            if (isAwaited(seen))
                return seen;
            if (waited.Elapsed > Limit)
                throw NotSeen(awaited, seen);
        }
    }

    /// <inheritdoc cref="SeeAsync{T}(string, Func{Task{T}}, Func{T, bool})"/>
    public static Task<T> SeeAsync<T>(string awaited, Func<T> look, Func<T, bool> isAwaited) =>
        SeeAsync(awaited, () => Task.FromResult(look()), isAwaited);

    /// <summary>Looks again and again until it sees this very value.</summary>
    /// <param name="awaited">What is waited for, as a sentence that the failure says.</param>
    public static Task SeeAsync<T>(string awaited, T expected, Func<Task<T>> look) =>
        SeeAsync(awaited, look, seen => EqualityComparer<T>.Default.Equals(seen, expected));

    /// <summary>Waits for a task that does something else than polling.</summary>
    /// <param name="awaited">What is waited for, as a sentence that the failure says.</param>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static async Task EndAsync(string awaited, Task task)
    {
        using var cost = Costs.Of(Waits);
        if (await Task.WhenAny(task, Task.Delay(Limit)) != task)
            throw NotSeen(awaited, task.Status);
        await task;
    }

    private static TimeoutException NotSeen(string awaited, object? last) =>
        new($"Waited {Limit.TotalSeconds:0} s in vain. Awaited: {awaited}. Seen last: {last ?? "nothing"}.");
}
