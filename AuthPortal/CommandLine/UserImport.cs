using AuthPortal.Users;
using Npgsql;

namespace AuthPortal.CommandLine;

/// <summary>How an import went so far.</summary>
/// <param name="WithoutPassword">Of those who were added: whose hash could not be read.</param>
internal sealed record ImportCount(long Added, long AlreadyThere, long Refused, long WithoutPassword = 0)
{
    public override string ToString() =>
        $"{Added} added, {AlreadyThere} already there, {Refused} refused"
        + (WithoutPassword > 0 ? $"; {WithoutPassword} of them came in without their password" : "");
}

/// <summary>
/// Brings people in, a batch at a time: each batch is one statement, so that it is there whole or not at all, and a
/// second run finds everybody there. Nobody who is there is changed.
/// </summary>
internal sealed class UserImport(PersonReader reader, UserTransferStore users, Action<LineProblem> report)
{
    public const string Reserved =
        "was the address of another account until lately, whose owner can undo that change for 72 hours";

    public const int BatchSize = 500;

    // By their id the line that brought somebody: of two lines with one address both are named.
    private readonly Dictionary<Guid, long> _lines = [];

    private readonly Dictionary<Guid, LineProblem> _unreadable = [];

    public ImportCount Count { get; private set; } = new(0, 0, 0);

    public async Task RunAsync(Stream source, CancellationToken ct)
    {
        var batch = new List<(long Line, BroughtUser Person)>(BatchSize);
        await foreach (var line in Lines.ReadAsync(source, ct))
        {
            if (line.Text is { } text && text.AsSpan().Trim(" \t\r"u8).IsEmpty)
                continue;
            var (person, problem) = reader.Read(line);
            if (person is null)
            {
                Refuse(problem!);
            }
            else
            {
                if (problem is not null)
                    _unreadable.TryAdd(person.Id, problem);
                batch.Add((line.Number, person));
            }

            if (batch.Count < BatchSize)
                continue;
            await AddAsync(batch, ct);
            batch.Clear();
        }

        if (batch.Count > 0)
            await AddAsync(batch, ct);
    }

    private async Task AddAsync(List<(long Line, BroughtUser Person)> batch, CancellationToken ct)
    {
        HashSet<Guid> added;
        try
        {
            added = [.. await users.AddAsync([.. batch.Select(each => each.Person)], ct)];
        }
        catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")
        {
            // A rule that the database has and we don't know of: whom it hits is found by halves, the others stay.
            if (batch is [var (line, _)])
            {
                Refuse(new LineProblem(line, null, $"is refused by the database ({e.SqlState})"));
                return;
            }

            await AddAsync(batch[..(batch.Count / 2)], ct);
            await AddAsync(batch[(batch.Count / 2)..], ct);
            return;
        }

        foreach (var (line, person) in batch.Where(each => added.Contains(each.Person.Id)))
        {
            _lines.TryAdd(person.Id, line);
            if (!_unreadable.Remove(person.Id, out var problem))
                continue;
            Count = Count with { WithoutPassword = Count.WithoutPassword + 1 };
            report(problem);
        }

        var others = batch.Where(each => !added.Remove(each.Person.Id)).ToList();
        Count = Count with { Added = Count.Added + batch.Count - others.Count };
        if (others.Count > 0)
            await SortAsync(others, ct);
    }

    /// <summary>Counts or reports those who were not added, for a taken or reserved address or a taken id.</summary>
    private async Task SortAsync(List<(long Line, BroughtUser Person)> others, CancellationToken ct)
    {
        string[] addresses = [.. others.Select(each => each.Person.EmailCanonical)];
        var taken = (await users.ListTakenAsync(addresses, ct))
            .ToDictionary(each => each.EmailCanonical, each => each.Id);
        var reserved = (await users.ListReservedAsync(addresses, ct)).ToHashSet();
        foreach (var (line, person) in others)
        {
            if (taken.TryGetValue(person.EmailCanonical, out var there) && _lines.TryGetValue(there, out var first))
            {
                var reason = $"is the address of line {first} as well: nothing of this came in";
                Refuse(new LineProblem(line, "email", reason));
            }
            else if (taken.ContainsKey(person.EmailCanonical))
            {
                Count = Count with { AlreadyThere = Count.AlreadyThere + 1 };
            }
            else
            {
                Refuse(reserved.Contains(person.EmailCanonical)
                    ? new LineProblem(line, "email", Reserved)
                    : new LineProblem(line, "id", "belongs to another person"));
            }
        }
    }

    private void Refuse(LineProblem problem)
    {
        Count = Count with { Refused = Count.Refused + 1 };
        report(problem);
    }
}
