using System.Diagnostics.Metrics;

namespace AuthPortal.Passwords;

/// <summary>How the hashing threads keep up.</summary>
internal sealed class HashingMeter
{
    public const string DurationHistogram = "authportal.passwords.hash.duration";
    public const string WaitingGauge = "authportal.passwords.waiting";
    public const string ShedCounter = "authportal.passwords.shed";

    // bcrypt's costs from 10 to 16 on machines fast and slow, with a step each.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _shed;

    public HashingMeter(IMeterFactory meters)
    {
        _meter = meters.Create(Bcrypt.MeterName);
        _durations = _meter.CreateHistogram(
            DurationHistogram, "s", "How long a thread was busy with one password.", tags: null, Seconds);
        _shed = _meter.CreateCounter<long>(
            ShedCounter, "{hash}", "Passwords that were not looked at, for want of room.");
    }

    /// <param name="waiting">How many wait now.</param>
    public void Watch(Func<int> waiting) => _meter.CreateObservableUpDownCounter(
        WaitingGauge, waiting, "{hash}", "Passwords that wait for a hashing thread.");

    public void Hashed(TimeSpan busy) => _durations.Record(busy.TotalSeconds);

    public void Shed() => _shed.Add(1);
}
