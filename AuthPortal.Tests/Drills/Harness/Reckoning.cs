using Dapper;
using Npgsql;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>What became of one kind of act that the portal had said it had done.</summary>
internal sealed record Fate(int Acknowledged, int Lost, int Doubled, int HalfDone)
{
    public bool IsGood => (Lost, Doubled, HalfDone) == (0, 0, 0);

    public override string ToString() => $"{Acknowledged,6}{Lost,7}{Doubled,10}{HalfDone,11}";
}

/// <summary>
/// Holds each person's account of what they were told against the database and against the running portal: whether
/// they are there once, which password opens, which sessions go on.
/// </summary>
internal sealed class Reckoning(Ledger ledger, Caller caller)
{
    private const string RowsSql = """
        select id, email_canonical as email from users
        """;

    private const string EventsSql = """
        select user_id as id, type, count(*)::int as times
          from audit_details
          join audit_events using (seq)
         where user_id is not null
         group by user_id, type
        """;

    private ILookup<string, Guid> _rows = null!;
    private Dictionary<(Guid Id, string Type), int> _events = null!;
    private int _lostSignUps, _doubledSignUps, _halfSignUps;
    private int _lostChanges, _doubledChanges, _halfChanges;
    private int _lostEndings, _doubledEndings, _halfEndings;

    public Fate SignUps { get; private set; } = null!;

    public Fate Changes { get; private set; } = null!;

    public Fate Endings { get; private set; } = null!;

    public static async Task<Reckoning> OfAsync(
        string database, string url, IReadOnlyCollection<Account> people, Journal journal, Ledger ledger)
    {
        // Questions of the reckoning's own: they belong in no figure of the load.
        using var caller = new Caller(url, journal, new Ledger(journal));
        var reckoning = new Reckoning(ledger, caller);
        await reckoning.ReadAsync(database);
        await Parallel.ForEachAsync(
            people, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (who, _) => await reckoning.ReckonAsync(who));
        reckoning.Close(people);
        return reckoning;
    }

    private async Task ReadAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { Pooling = false, MaxAutoPrepare = 0 });
        await using var db = await source.OpenConnectionAsync();
        _rows = (await db.QueryAsync<(Guid Id, string Email)>(RowsSql)).ToLookup(row => row.Email, row => row.Id);
        _events = (await db.QueryAsync<(Guid Id, string Type, int Times)>(EventsSql))
            .ToDictionary(row => (row.Id, row.Type), row => row.Times);
    }

    private void Close(IReadOnlyCollection<Account> people)
    {
        SignUps = new(ledger.Acknowledged(Act.SignUp), _lostSignUps, _doubledSignUps, _halfSignUps);
        Changes = new(people.Sum(who => who.ChangesAcknowledged), _lostChanges, _doubledChanges, _halfChanges);
        Endings = new(people.Sum(who => who.EndingsAcknowledged), _lostEndings, _doubledEndings, _halfEndings);
    }

    private async Task ReckonAsync(Account who)
    {
        var rows = _rows[who.Email].ToList();
        if (rows.Count > 1)
            Count(ref _doubledSignUps, who, $"has {rows.Count} rows");
        if (who.Id is { } id && !rows.Contains(id))
            Count(ref _lostSignUps, who, "was signed up and has no row");
        if (rows.Count != 1)
            return;

        var known = rows[0];
        var signUps = Times(known, "sign-up");
        if (signUps == 0)
            Count(ref _halfSignUps, who, "has a row and no record of its making");
        if (signUps > 1)
            Count(ref _doubledSignUps, who, $"signed up {signUps} times by the record");
        await ReckonPasswordAsync(who, known);
        await ReckonSessionsAsync(who, known);
    }

    private async Task ReckonPasswordAsync(Account who, Guid known)
    {
        var opens = (await caller.SignInAsync(who, who.Password)).IsOk;
        var perhapsOpens = who.PerhapsPassword is { } perhaps && (await caller.SignInAsync(who, perhaps)).IsOk;
        var formerOpens = who.FormerPassword is { } former && (await caller.SignInAsync(who, former)).IsOk;
        if (formerOpens)
            Count(ref _lostChanges, who, "can still use a password that was changed");
        if (opens == perhapsOpens && opens)
            Count(ref _halfChanges, who, "has two passwords");
        if (!opens && !perhapsOpens)
        {
            if (who.ChangesAcknowledged > 0)
                Count(ref _lostChanges, who, "can't use the password they changed to");
            else
                Count(ref _halfSignUps, who, "can't sign in with the password they signed up with");
        }

        var recorded = Times(known, "password-changed");
        if (recorded < who.ChangesAcknowledged + (perhapsOpens ? 1 : 0))
            Count(ref _halfChanges, who, "changed a password of which there is no record");
        if (recorded > who.ChangesAcknowledged + who.ChangesInDoubt)
            Count(ref _doubledChanges, who, $"changed a password {recorded} times by the record");
    }

    private async Task ReckonSessionsAsync(Account who, Guid known)
    {
        foreach (var session in who.Ended)
        {
            if ((await caller.RenewAsync(who, session.Refresh)).Status != 401)
                Count(ref _lostEndings, who, "can renew a session that ended");
            if ((await caller.VerifyAsync(who, session.Access)).Status != 401)
                Count(ref _lostEndings, who, "can use the token of a session that ended");
        }

        // The reverse would be as bad: nobody loses a session that they have not ended.
        foreach (var session in who.Going)
        {
            if (!(await caller.RenewAsync(who, session.Refresh)).IsOk)
                Count(ref _halfEndings, who, "has lost a session that they had not ended");
        }

        var recorded = Times(known, "sign-out") + Times(known, "sign-out-everywhere");
        if (recorded < who.EndingsAcknowledged)
            Count(ref _halfEndings, who, "signed out of which there is no record");
        if (recorded > 1)
            Count(ref _doubledEndings, who, $"signed out {recorded} times by the record");
    }

    private int Times(Guid id, string type) => _events.GetValueOrDefault((id, type));

    private void Count(ref int count, Account who, string what)
    {
        Interlocked.Increment(ref count);
        ledger.Wrong($"{who.Email} {what}");
    }
}
