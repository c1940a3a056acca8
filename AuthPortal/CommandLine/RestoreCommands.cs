using System.CommandLine;
using AuthPortal.Audit;
using AuthPortal.Tokens;
using AuthPortal.Users;

namespace AuthPortal.CommandLine;

/// <summary>
/// <c>erasures export</c> and <c>restore finish</c>: a backup brings back sessions that were ended, and people who were
/// erased, since it was made.
/// </summary>
internal sealed class RestoreCommands(Tool tool)
{
    private readonly Option<string?> _erasures = new("--erasures")
    {
        Description = "A file that `erasures export` has written since the backup was made, or - for standard input.",
    };

    public IEnumerable<Command> Build()
    {
        var erasures = new Command("erasures", "Who was erased, as digests that tell nobody who it was.");
        erasures.Add(tool.Command(
            "export", "Write the list, a line each: to be kept apart from the database.", [], ExportAsync));
        var restore = new Command("restore", "After a backup of the database was restored.");
        restore.Add(tool.Command(
            "finish", "End every session, erase again who was erased since, and check the audit log.",
            [_erasures], FinishAsync));
        return [erasures, restore];
    }

    private static async Task<int> ExportAsync(ToolRun run, CancellationToken ct)
    {
        await run.OpenDatabaseAsync(ct);
        await using var output = new StreamWriter(run.Terminal.Output, leaveOpen: true);
        foreach (var digest in await run.Get<ErasureListStore>().ListAsync(ct))
            await output.WriteLineAsync(Convert.ToHexStringLower(digest));
        return Tool.Done;
    }

    private async Task<int> FinishAsync(ToolRun run, CancellationToken ct)
    {
        var listed = await ReadAsync(run, ct);
        await run.OpenDatabaseAsync(ct);
        var people = await run.Get<AccountSwitch>().SignOutEverybodyAsync(UserCommands.Operator, ct);
        var erased = await EraseAsync(run, listed, ct);
        var report = await run.Get<ChainVerifier>().VerifyAsync(null, ct);
        var log = report.Fault is { } fault
            ? $"{fault.Kind.ToUpperInvariant()}: {fault.Words}"
            : "the audit log is sound";
        return run.Say(
            $"{people} people are signed out; {erased} who had been erased are erased again; {log}.",
            new { people, erased, sound = report.Fault is null, fault = report.Fault },
            report.Fault is null ? Tool.Done : Tool.Refused);
    }

    /// <exception cref="IOException">It is no such file.</exception>
    private async Task<HashSet<string>> ReadAsync(ToolRun run, CancellationToken ct)
    {
        if (run.Given.GetValue(_erasures) is not { } file)
        {
            run.Warn("without --erasures, whoever was erased since the backup was made is back.");
            return [];
        }

        await using var source = file == "-" ? run.Terminal.Input : File.OpenRead(file);
        using var reader = new StreamReader(source);
        var listed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (line.Length == 0)
                continue;
            if (line.Length != 64 || !line.All(char.IsAsciiHexDigit))
                throw new IOException($"{file} is no list that `erasures export` has written.");
            listed.Add(line);
        }

        return listed;
    }

    private static async Task<int> EraseAsync(ToolRun run, HashSet<string> listed, CancellationToken ct)
    {
        if (listed.Count == 0)
            return 0;
        var (users, erasure) = (run.Get<UserTransferStore>(), run.Get<AccountErasure>());
        var erased = 0;
        Guid? after = null;
        while (await users.ListAfterAsync(after, UserImport.BatchSize, ct) is { Count: > 0 } page)
        {
            foreach (var user in page.Where(user => erasure.IsListed(user.Id, listed)))
            {
                await erasure.EraseAgainAsync(user.Id, ct);
                erased++;
            }

            after = page[^1].Id;
        }

        return erased;
    }
}
