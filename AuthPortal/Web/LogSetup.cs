using System.Collections;
using Microsoft.Extensions.Configuration.Memory;

namespace AuthPortal.Web;

/// <summary>
/// How the log is written: outside Development a JSON object a line, so that no text of a stranger's can begin a line
/// of its own. Every setting under <c>Logging</c> comes before these.
/// </summary>
internal static class LogSetup
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var lines = new Dictionary<string, string?> { ["Logging:Console:FormatterOptions:IncludeScopes"] = "true" };
        if (!builder.Environment.IsDevelopment())
        {
            lines["Logging:Console:FormatterName"] = "json";
            lines["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true";
            lines["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ";
        }

        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = lines });
        builder.Services.AddSingleton<IExternalScopeProvider, CorrelationScope>();
    }

    /// <summary>
    /// Beside every line stands the correlation id, and nothing else: the framework's own scopes hold the request's
    /// path, and with it a mailed link's secret.
    /// </summary>
    private sealed class CorrelationScope : IExternalScopeProvider, IDisposable
    {
        public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
        {
            if (CorrelationId.Current is { } id)
                callback(new Correlation(id), state);
        }

        public IDisposable Push(object? state) => this;

        public void Dispose()
        {
            // Nothing was pushed.
        }
    }

    private sealed class Correlation(string id) : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return new("TraceId", id);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"TraceId:{id}";
    }
}
