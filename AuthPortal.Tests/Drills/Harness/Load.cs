using System.Collections.Concurrent;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>
/// People at work on a portal, and services that verify a token over and over meanwhile. It ends by itself after so
/// many people or so long, so that a drill on a slow machine is short of people rather than of an end.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Workers = 8;
    private const int Verifiers = 2;
    private const int MostPeople = 400;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenVerifications = TimeSpan.FromMilliseconds(25);

    private readonly string _url;
    private readonly Journal _journal;
    private readonly Ledger _ledger;
    private readonly ConcurrentQueue<Account> _people = new();
    private readonly List<Task> _tasks = [];
    private readonly TimeSpan _begun;
    private int _number;
    private volatile bool _stopping;

    private Load(string url, Journal journal, Ledger ledger)
    {
        (_url, _journal, _ledger, _begun) = (url, journal, ledger, journal.Now);
    }

    public IReadOnlyCollection<Account> People => _people;

    /// <summary>When every kind of act had succeeded for the first time.</summary>
    public TimeSpan UnderWay { get; private set; }

    private bool IsOver => _stopping || _number >= MostPeople || _journal.Now - _begun > Longest;

    /// <summary>Begins, and returns when every kind of act has been acknowledged: the portal is warm.</summary>
    /// <param name="url">The portal's, or that of what stands before several.</param>
    public static async Task<Load> StartAsync(string url, Journal journal, Ledger ledger)
    {
        var load = new Load(url, journal, ledger);
        for (var i = 0; i < Verifiers; i++)
            load._tasks.Add(Task.Run(load.VerifyAsync));
        for (var i = 0; i < Workers; i++)
            load._tasks.Add(Task.Run(load.WorkAsync));
        await load.ServedAsync("the load has begun");
        load.UnderWay = journal.Now;
        return load;
    }

    /// <summary>Waits until every kind of act has been acknowledged anew: whatever was wrong is over.</summary>
    public async Task ServedAsync(string means)
    {
        var before = Enum.GetValues<Act>().ToDictionary(act => act, act => _ledger.Acknowledged(act));
        var came = await Eventually.IsTrueAsync(
            () => Task.FromResult(before.All(act => _ledger.Acknowledged(act.Key) > act.Value)), TimeSpan.FromMinutes(4));
        var missing = before.Where(act => _ledger.Acknowledged(act.Key) <= act.Value).Select(act => act.Key);
        if (!came)
            throw new TimeoutException($"In four minutes these did not succeed: {string.Join(", ", missing)}. {_ledger.ByStatus()}");
        _journal.Say($"{means}: every kind of act succeeds ({_ledger.Acknowledged(Act.SignUp)} sign-ups, "
            + $"{_ledger.Acknowledged(Act.ChangePassword)} password changes, "
            + $"{_ledger.Acknowledged(Act.SignOut, Act.SignOutEverywhere)} revocations so far)");
    }

    /// <summary>Lets everybody finish what they are at.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        await Task.WhenAll(_tasks);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task WorkAsync()
    {
        using var caller = new Caller(_url, _journal, _ledger);
        var worker = new Worker(caller, _ledger, () => IsOver);
        while (!IsOver)
            await worker.LiveAsync(NewPerson());
    }

    private async Task VerifyAsync()
    {
        using var caller = new Caller(_url, _journal, _ledger);
        var who = NewPerson();
        if (await new Worker(caller, _ledger, () => IsOver).EnterAsync(who) is not { } session)
            return;
        while (!_stopping)
        {
            await caller.VerifyAsync(who, session.Access);
            await Task.Delay(BetweenVerifications);
        }
    }

    private Account NewPerson()
    {
        var who = new Account(Interlocked.Increment(ref _number));
        _people.Enqueue(who);
        return who;
    }
}
