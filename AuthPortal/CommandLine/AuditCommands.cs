using System.CommandLine;
using System.Globalization;
using AuthPortal.Audit;

namespace AuthPortal.CommandLine;

/// <summary><c>audit verify</c></summary>
internal sealed class AuditCommands(Tool tool)
{
    private readonly Option<string> _expect = new("--expect")
    {
        Description = "PLACE:HASH of a head that was noted before: what the chain must still hold.",
        Validators =
        {
            given =>
            {
                if (ChainNote.Parse(given.GetValueOrDefault<string>()) is null)
                    given.AddError("--expect must be PLACE:HASH, as `audit verify` prints it.");
            },
        },
    };

    public Command Build()
    {
        var audit = new Command("audit", "What happened.");
        audit.Add(tool.Command(
            "verify", "Name the first event that was altered, removed or inserted. Changes nothing.",
            [_expect], VerifyAsync));
        return audit;
    }

    private async Task<int> VerifyAsync(ToolRun run, CancellationToken ct)
    {
        var noted = run.Given.GetValue(_expect) is { } text ? ChainNote.Parse(text) : null;
        await run.OpenDatabaseAsync(ct);
        var report = await run.Get<ChainVerifier>().VerifyAsync(noted, ct);
        var head = report.Head is null ? null : ChainNote.Of(report.Head);
        return run.Say(
            InWords(report, head),
            new
            {
                sound = report.Fault is null,
                fault = report.Fault,
                report.Events,
                report.Erased,
                unsealed = report.Unsealed.Count,
                head,
            },
            report.Fault is null ? Tool.Done : Tool.Refused);
    }

    private static string InWords(ChainReport report, string? head)
    {
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Events} events are as they were sealed; the details of {report.Erased} are erased.");
        if (report.Unsealed is { Count: > 0, Oldest: { } oldest })
        {
            words += string.Create(
                CultureInfo.InvariantCulture,
                $"\n{report.Unsealed.Count} wait to be sealed, the oldest since {oldest:yyyy-MM-dd HH:mm:ss}Z.");
        }

        if (report.Fault is { } fault)
            words += $"\n{fault.Kind.ToUpperInvariant()}: {fault.Words}";
        return head is null ? words : $"{words}\nHead: {head}";
    }
}
