using System.Collections.Concurrent;
using System.Diagnostics;
using AuthPortal.Database;
using Npgsql;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Counts statements that reach a database, by listening to Npgsql's own tracing: the product knows nothing of it.
/// </summary>
internal sealed class CommandCounter : IDisposable
{
    private readonly ConcurrentQueue<string> _statements = new();
    private readonly Activity? _trace;
    private readonly ActivityListener _listener;

    private CommandCounter(Func<Activity, bool> isCounted, Activity? trace)
    {
        _trace = trace;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (isCounted(activity) && activity.GetTagItem("db.query.text") is string sql and not Db.PulseSql)
                    _statements.Enqueue(sql);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _statements.Count;

    public IReadOnlyCollection<string> Statements => _statements;

    /// <summary>
    /// Counts what the requests of this test cause, and nothing that a portal does on its own, by the id of a trace that
    /// begins here and that the tests' clients send along (<see cref="TracedRequests"/>). The portal must have started
    /// before, and the test must not ask the database for something of its own meanwhile.
    /// </summary>
    public static CommandCounter OfRequests()
    {
        var trace = new Activity("A counted test").Start();
        return new CommandCounter(activity => activity.TraceId == trace.TraceId, trace);
    }

    /// <summary>Counts all that reaches one database, for tests of what a portal does on its own.</summary>
    public static CommandCounter OfDatabase(Portal portal)
    {
        var name = new NpgsqlConnectionStringBuilder(portal.Database).Database;
        return new CommandCounter(activity => activity.GetTagItem("db.namespace") as string == name, null);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _trace?.Dispose();
    }
}

/// <summary>Sends the test's trace with each request, as an <see cref="HttpClient"/> over a network does by itself.</summary>
internal sealed class TracedRequests : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Activity.Current is { Id: { } id } && !request.Headers.Contains("traceparent"))
            request.Headers.Add("traceparent", id);
        return base.SendAsync(request, cancellationToken);
    }
}
