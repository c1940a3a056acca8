using System.CommandLine;

namespace AuthPortal.CommandLine;

/// <summary><c>doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Build(Tool tool) => tool.Command(
        "doctor", "Look at secret, clock, address, cookies, proxy, database and mail. Changes nothing.", [], LookAsync);

    private static async Task<int> LookAsync(ToolRun run, CancellationToken ct)
    {
        var faults = 0;
        var doctor = ActivatorUtilities.CreateInstance<Doctor>(run.Services);
        await foreach (var finding in doctor.LookAsync(ct))
        {
            run.Say($"{finding.Name,-11} {finding.State,-8} {finding.Words}", finding);
            if (finding.State == Finding.Fault)
                faults++;
        }

        return faults == 0 ? Tool.Done : Tool.Refused;
    }
}
