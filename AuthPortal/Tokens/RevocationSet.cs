using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>
/// What was revoked within the life of an access token, in memory: asked for every token, without a database.
/// </summary>
internal sealed class RevocationSet(IOptions<TokenOptions> options, SessionMeter meter, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _sessions = new();
    private readonly ConcurrentDictionary<Guid, (int BelowVersion, DateTimeOffset Until)> _users = new();
    private long _changes;

    /// <summary>How long a revocation matters here: the last access token signed before it has then ended.</summary>
    public TimeSpan Window => options.Value.AccessLifetime + TokenOptions.ClockSkew;

    /// <summary>When the last session that could have begun by now is over.</summary>
    public DateTimeOffset LatestEnd => clock.GetUtcNow() + options.Value.SessionLifetime;

    /// <summary>Before that no session began that still goes on.</summary>
    public DateTimeOffset EarliestBeginning => clock.GetUtcNow() - options.Value.SessionLifetime;

    /// <summary>Grows with every change.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public bool Holds(Guid sid, Guid userId, int version) =>
        _sessions.ContainsKey(sid) || (_users.TryGetValue(userId, out var user) && version < user.BelowVersion);

    public void Add(Revocation revoked)
    {
        var until = clock.GetUtcNow() + Window;
        if (revoked.Sid is { } sid && _sessions.TryAdd(sid, until))
            Interlocked.Increment(ref _changes);
        if (revoked.BelowVersion is { } below && Raise(revoked.UserId, below, until))
            Interlocked.Increment(ref _changes);
    }

    /// <summary>What was ended here, and is not merely heard of from another instance.</summary>
    public void AddOwn(Revocation revoked)
    {
        Add(revoked);
        meter.Revoked(revoked);
    }

    /// <summary>Forgets what no living token can be.</summary>
    public void Prune()
    {
        var now = clock.GetUtcNow();
        var gone = _sessions.Where(s => s.Value < now).Count(s => _sessions.TryRemove(s))
            + _users.Where(u => u.Value.Until < now).Count(u => _users.TryRemove(u));
        if (gone > 0)
            Interlocked.Increment(ref _changes);
    }

    /// <summary>
    /// The ended sessions and, by person, the version below which none counts; each in a fixed order.
    /// </summary>
    /// <remarks>As the dictionaries copy themselves: LINQ's way throws where something is added meanwhile.</remarks>
    public (IReadOnlyList<Guid> Sessions, IReadOnlyList<KeyValuePair<Guid, int>> Users) Snapshot() =>
        ([.. _sessions.Keys.Order()],
            [.. _users.ToArray().OrderBy(u => u.Key).Select(u => KeyValuePair.Create(u.Key, u.Value.BelowVersion))]);

    private bool Raise(Guid userId, int below, DateTimeOffset until)
    {
        var raised = false;
        _users.AddOrUpdate(
            userId,
            _ =>
            {
                raised = true;
                return (below, until);
            },
            (_, held) =>
            {
                raised = below > held.BelowVersion;
                return raised ? (below, until) : held;
            });
        return raised;
    }
}
