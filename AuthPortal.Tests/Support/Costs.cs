using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using AuthPortal.Passwords;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Counts and times the work of the test harness by kind. Several tests run at once, so that the sums exceed the run's
/// duration. At its end the process writes them to the file that <c>AUTHPORTAL_TEST_COSTS</c> names;
/// <c>make test-times</c> prints them.
/// </summary>
internal static class Costs
{
    private static readonly ConcurrentDictionary<string, Cost> All = new();

    /// <summary>Held for the run: it counts the rounds of bcrypt in every host of this process.</summary>
    private static readonly MeterListener Rounds = CountRounds();

    static Costs()
    {
        if (Environment.GetEnvironmentVariable("AUTHPORTAL_TEST_COSTS") is { Length: > 0 } file)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Write(file);
    }

    /// <summary>Times what happens until the result is disposed.</summary>
    /// <param name="what">The kind, in the plural: <c>hosts started</c>.</param>
    public static IDisposable Of(string what) => new Timing(All.GetOrAdd(what, _ => new Cost()));

    private static MeterListener CountRounds()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == Bcrypt.RoundsCounter)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, rounds, _, _) => All.GetOrAdd("rounds of bcrypt (1,024 are some 90 ms)", _ => new Cost()).Add(rounds, 0));
        listener.Start();
        return listener;
    }

    private static void Write(string file)
    {
        Rounds.Dispose();
        File.WriteAllLines(file, All.OrderByDescending(cost => cost.Value.Ticks).Select(cost => string.Create(
            CultureInfo.InvariantCulture,
            $"{cost.Key}\t{cost.Value.Times:N0}\t{TimeSpan.FromTicks(cost.Value.Ticks).TotalSeconds:N1} s")));
    }

    private sealed class Cost
    {
        private long _times;
        private long _ticks;

        public long Times => _times;

        public long Ticks => _ticks;

        public void Add(long times, long ticks)
        {
            Interlocked.Add(ref _times, times);
            Interlocked.Add(ref _ticks, ticks);
        }
    }

    private sealed class Timing(Cost cost) : IDisposable
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        public void Dispose() => cost.Add(1, Stopwatch.GetElapsedTime(_began).Ticks);
    }
}
