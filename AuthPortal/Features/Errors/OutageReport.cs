using AuthPortal.Database;

namespace AuthPortal.Features.Errors;

/// <summary>
/// Tells the operator why visitors are asked to come again. On a bad day that is each of them, so it is a line at once
/// and then one in ten seconds at most.
/// </summary>
internal sealed partial class OutageReport(TimeProvider clock, ILogger<OutageReport> log)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Lock _only = new();
    private long? _told;
    private int _since;

    public void Note(DatabaseUnavailableException outage)
    {
        lock (_only)
        {
            _since++;
            if (_told is { } told && clock.GetElapsedTime(told) < Every)
                return;
            LogUnserved(_since, outage.Message);
            (_told, _since) = (clock.GetTimestamp(), 0);
        }
    }

    [LoggerMessage(LogLevel.Error, "Requests that could not be served: {Count}. {Reason}")]
    private partial void LogUnserved(int count, string reason);
}
