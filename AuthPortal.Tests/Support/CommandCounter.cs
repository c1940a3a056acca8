using System.Collections.Concurrent;
using System.Diagnostics;
using AuthPortal.Database;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Counts the statements that reach one database while it lives, by listening to Npgsql's own tracing: the product
/// knows nothing of it.
/// </summary>
internal sealed class CommandCounter : IDisposable
{
    private readonly ConcurrentQueue<string> _statements = new();
    private readonly ActivityListener _listener;

    /// <param name="database">The database's name; tests beside this one use others.</param>
    public CommandCounter(string database)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.namespace") as string == database
                    && activity.GetTagItem("db.query.text") is string sql and not Db.PulseSql)
                {
                    _statements.Enqueue(sql);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _statements.Count;

    public IReadOnlyCollection<string> Statements => _statements;

    public void Dispose() => _listener.Dispose();
}
