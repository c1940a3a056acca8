using System.Collections.Concurrent;

namespace AuthPortal.Tests.Drills.Harness;

internal enum Act
{
    SignUp,
    SignIn,
    ChangePassword,
    SignOut,
    SignOutEverywhere,
    Renew,

    /// <summary>GET /api/me: by the token alone, so the one act that needs no database.</summary>
    Verify,
}

/// <param name="Asked">By the journal's clock, as <paramref name="At"/>.</param>
/// <param name="At">When the answer was there, or none was to come.</param>
/// <param name="Status">Null where no answer came.</param>
/// <param name="Code">The refusal's stable code.</param>
/// <param name="Acknowledged">Whether it said that the thing was done.</param>
internal sealed record Answer(Act Act, TimeSpan Asked, TimeSpan At, int? Status, string? Code, bool Acknowledged);

/// <summary>Every answer of a drill, as it came in.</summary>
internal sealed class Ledger(Journal journal)
{
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentQueue<string> _wrongs = new();

    public IReadOnlyCollection<Answer> Answers => _answers;

    /// <summary>What no answer may be, whatever the day: a 500, a stack trace, somebody else's name.</summary>
    public IReadOnlyCollection<string> Wrongs => _wrongs;

    public void Note(Answer answer) => _answers.Enqueue(answer);

    public void Wrong(string what)
    {
        if (_wrongs.Count < 10)
            journal.Say($"WRONG: {what}");
        _wrongs.Enqueue(what);
    }

    public int Acknowledged(params ReadOnlySpan<Act> acts)
    {
        var count = 0;
        foreach (var answer in _answers)
        {
            if (answer.Acknowledged && acts.Contains(answer.Act))
                count++;
        }

        return count;
    }

    public int Unanswered => _answers.Count(answer => answer.Status is null);

    /// <summary>Such as <c>200 × 812, 503 DATABASE_UNAVAILABLE × 9</c>.</summary>
    public string ByStatus() => string.Join(", ",
        from answer in _answers
        group answer by answer.Status is null ? "none" : $"{answer.Status} {answer.Code}".TrimEnd() into same
        orderby same.Key
        select $"{same.Key} × {same.Count()}");

    /// <summary>The longest time in which nothing that needs the database was acknowledged.</summary>
    /// <param name="since">When the load was under way.</param>
    public TimeSpan LongestWithoutService(TimeSpan since)
    {
        var times = Served().Select(answer => answer.At).Where(at => at >= since).Order().ToList();
        return times.Zip(times.Skip(1), (one, next) => next - one).DefaultIfEmpty().Max();
    }

    /// <summary>When something that needs the database was asked for after that moment, and done.</summary>
    public TimeSpan? FirstServedAfter(TimeSpan moment)
    {
        var later = Served().Where(answer => answer.At >= moment).Select(answer => answer.At).Order().ToList();
        return later.Count > 0 ? later[0] : null;
    }

    /// <summary>How long tokens could not be verified: from the last good answer before a bad one to the next.</summary>
    public TimeSpan VerificationAway()
    {
        var (away, good) = (TimeSpan.Zero, TimeSpan.Zero);
        var failing = false;
        foreach (var answer in Verifications.OrderBy(answer => answer.At))
        {
            if (answer.Acknowledged && failing)
                away += answer.At - good;
            if (answer.Acknowledged)
                good = answer.At;
            failing = !answer.Acknowledged;
        }

        return away;
    }

    public IEnumerable<Answer> Verifications => _answers.Where(answer => answer.Act == Act.Verify);

    private IEnumerable<Answer> Served() => _answers.Where(answer => answer.Acknowledged && answer.Act != Act.Verify);
}
