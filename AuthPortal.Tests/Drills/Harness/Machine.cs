using System.Globalization;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>What the machine is at besides: a figure of time says nothing without it.</summary>
internal static class Machine
{
    /// <summary>Above this, others take what the figures are about.</summary>
    private const double Quiet = 0.2;

    /// <summary>Which share of all cores was at work in a second of ours at rest.</summary>
    public static async Task<double> BusyAsync()
    {
        var (idle, all) = Ticks();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var (idleThen, allThen) = Ticks();
        return 1 - ((double)(idleThen - idle) / Math.Max(1, allThen - all));
    }

    public static bool IsQuiet(double busy) => busy < Quiet;

    public static string LoadAverage => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    /// <summary>What the process holds in memory, in megabytes.</summary>
    /// <param name="kind">As proc(5) names it: all of it, or <c>RssAnon</c>, <c>RssFile</c>, <c>RssShmem</c>.</param>
    public static int Resident(int process, string kind = "VmRSS") => int.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith($"{kind}:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
        CultureInfo.InvariantCulture) / 1024;

    private static (long Idle, long All) Ticks()
    {
        // cpu user nice system idle iowait …, in ticks since the machine started
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
        return (ticks[3] + ticks[4], ticks.Take(8).Sum());
    }
}
