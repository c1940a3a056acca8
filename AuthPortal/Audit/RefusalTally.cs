using System.Globalization;
using AuthPortal.Web;

namespace AuthPortal.Audit;

/// <summary>
/// What is refused for want of room, counted in memory and written each minute, one event for a key: a flood is on
/// record and does not fill the disk. While the database is away the counts wait for it, in bounded room.
/// </summary>
internal sealed partial class RefusalTally(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<RefusalTally> log) : BackgroundRoutine
{
    // What a day of the widest flood may write: a gigabyte.
    internal const int MostKeys = 1000;

    private const string Rest = "other";
    private const int LongestKey = 200;

    private static readonly TimeSpan WriteEvery = TimeSpan.FromMinutes(1);
    private static readonly Client Several = new(null, null);

    private readonly Lock _gate = new();
    private Dictionary<Subject, Count> _counts = [];
    private bool _failing;

    /// <summary>Costs next to nothing and never fails: it is called where there is no room.</summary>
    /// <param name="type">Such as <see cref="AuditTypes.Throttled"/> or <see cref="AuditTypes.Shed"/>.</param>
    /// <param name="key">What was full, such as a rule's name and an address block; nobody's e-mail address.</param>
    /// <param name="userId">Whose account it was about, so that they read of it too.</param>
    public void Note(string type, string key, Guid? userId, Client client)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            Add(new Subject(type, key, userId), new Count(1, now, now, client));
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await RestAsync(WriteEvery, clock, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
                return;
            await WriteAsync();
        }
    }

    protected override Task FinishAsync() => WriteAsync();

    private async Task WriteAsync()
    {
        Dictionary<Subject, Count> taken;
        lock (_gate)
            (taken, _counts) = (_counts, []);
        if (taken.Count == 0)
            return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var audit = scope.ServiceProvider.GetRequiredService<AuditStore>();
            await audit.RecordAllAsync([.. taken.Select(Event)], CancellationToken.None);
            _failing = false;
        }
        catch (Exception e)
        {
            // Rather twice than not at all: the answer may be all that was lost.
            lock (_gate)
            {
                foreach (var (subject, count) in taken)
                    Add(subject, count);
            }

            if (!_failing)
                LogFailing(log, e);
            _failing = true;
        }
    }

    private void Add(Subject subject, Count count)
    {
        if (!_counts.ContainsKey(subject) && _counts.Count >= MostKeys)
            (subject, count) = (new Subject(subject.Type, Rest, null), count with { Client = Several });
        _counts[subject] = _counts.TryGetValue(subject, out var before) ? before.And(count) : count;
    }

    private static AuditEvent Event(KeyValuePair<Subject, Count> entry) => new(
        entry.Key.Type,
        entry.Key.UserId,
        null,
        entry.Value.Client,
        ("key", PlainText.Tame(entry.Key.Key, LongestKey) ?? Rest),
        ("count", entry.Value.Times.ToString(CultureInfo.InvariantCulture)),
        ("first", PortalJson.Date(entry.Value.First)),
        ("last", PortalJson.Date(entry.Value.Last)));

    private readonly record struct Subject(string Type, string Key, Guid? UserId);

    /// <param name="Client">Of the first.</param>
    private readonly record struct Count(long Times, DateTimeOffset First, DateTimeOffset Last, Client Client)
    {
        public Count And(Count other) => new(
            Times + other.Times,
            First < other.First ? First : other.First,
            Last > other.Last ? Last : other.Last,
            First <= other.First ? Client : other.Client);
    }

    [LoggerMessage(LogLevel.Warning, "Can't write down what was throttled or shed; in a minute again")]
    private static partial void LogFailing(ILogger log, Exception cause);
}
