using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Support;

/// <summary>What our own instruments of one host measure while this lives; those of tests beside this one don't count.</summary>
internal sealed class Readings : IDisposable
{
    private readonly ConcurrentQueue<(string Series, double Value)> _read = new();
    private readonly MeterListener _listener = new();

    public Readings(IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name.StartsWith("authportal.", StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Read(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Read(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Read(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>What was measured, in order; of an observable instrument, what it says now.</summary>
    /// <param name="labels">All of them, in the order of their names: <c>method=password outcome=ok</c>.</param>
    public IReadOnlyList<double> Of(string instrument, string labels = "")
    {
        _listener.RecordObservableInstruments();
        var series = $"{instrument} {labels}";
        return [.. _read.Where(reading => reading.Series == series).Select(reading => reading.Value)];
    }

    public void Dispose() => _listener.Dispose();

    private void Read(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var written = labels.ToArray().Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal);
        _read.Enqueue(($"{instrument.Name} {string.Join(' ', written)}", value));
    }
}
