using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AuthPortal.Features.Health;

/// <summary>
/// Tells the log what is wrong once, and once that it no longer is. The framework would tell it at every question, and
/// a question is anybody's to ask.
/// </summary>
internal sealed partial class HealthLog(ILogger<HealthLog> log)
{
    private readonly ConcurrentDictionary<string, HealthStatus> _told = new();

    public void Note(HealthReport report)
    {
        foreach (var (name, check) in report.Entries)
        {
            var before = HealthStatus.Healthy;
            _told.AddOrUpdate(name, check.Status, (_, told) =>
            {
                before = told;
                return check.Status;
            });
            if (check.Status == before)
                continue;
            if (check.Status == HealthStatus.Healthy)
                LogWell(log, name);
            else
                LogUnwell(log, name, check.Status, check.Description ?? "", check.Exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Health: {Check} is {Status}: {Words}")]
    private static partial void LogUnwell(ILogger log, string check, HealthStatus status, string words, Exception? e);

    [LoggerMessage(LogLevel.Information, "Health: {Check} is well again")]
    private static partial void LogWell(ILogger log, string check);
}
