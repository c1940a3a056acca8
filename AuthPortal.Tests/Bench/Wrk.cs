using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AuthPortal.Tests.Bench;

/// <summary>What a server under load did, and what it and the load took.</summary>
/// <param name="PerSecond">Answers.</param>
/// <param name="Failed">Answers that were none of the 200s and 300s, and connections that broke.</param>
/// <param name="Cpu">The server's time on a processor for each answer.</param>
/// <param name="OwnCpu">What the load itself took of the machine's processors, from 0 to 1.</param>
internal sealed record Load(double PerSecond, TimeSpan P50, TimeSpan P99, long Failed, TimeSpan Cpu, double OwnCpu);

/// <summary>Debian's wrk, with a thread and as many connections as are asked for.</summary>
internal static partial class Wrk
{
    private const int TicksPerSecond = 100; // Linux's USER_HZ, the same everywhere

    // What it took of the processors, as the shell tells: user's and system's seconds.
    private const string Timed = "TIMEFORMAT='%U %S'; time wrk \"$@\"";

    /// <param name="server">Its processes, whose time counts.</param>
    /// <param name="script">In Lua; null for a GET.</param>
    public static async Task<Load> RunAsync(
        string url, int connections, TimeSpan during, IReadOnlyCollection<int> server, string[] headers,
        string? script = null)
    {
        string[] arguments =
        [
            "-t1", $"-c{connections}", $"-d{during.TotalSeconds:0}s", "--latency", "--timeout", "30s",
            .. headers.SelectMany(header => (string[])["-H", header]),
            .. script is null ? (string[])[] : ["-s", script],
            url,
        ];
        var (before, began) = (CpuOf(server), Stopwatch.GetTimestamp());
        using var wrk = Process.Start(new ProcessStartInfo("bash", ["-c", Timed, "wrk", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await wrk.StandardOutput.ReadToEndAsync();
        var own = await wrk.StandardError.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var (cpu, took) = (CpuOf(server) - before, Stopwatch.GetElapsedTime(began));

        var answers = long.Parse(Answers().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
        var failed = Failures().Matches(said).SelectMany(line => Numbers().Matches(line.Value))
            .Sum(number => long.Parse(number.Value, CultureInfo.InvariantCulture));
        return new Load(
            double.Parse(Rate().Match(said).Groups[1].Value, CultureInfo.InvariantCulture),
            Latency(said, "50%"),
            Latency(said, "99%"),
            failed,
            cpu / Math.Max(1, answers),
            own.Split().Where(text => text.Length > 0).Sum(text => double.Parse(text, CultureInfo.InvariantCulture))
                / took.TotalSeconds / Environment.ProcessorCount);
    }

    /// <summary>The same once it has been asked for a while, so that all is compiled.</summary>
    public static async Task<Load> RunWarmAsync(
        string url, int connections, TimeSpan warmUp, TimeSpan during, IReadOnlyCollection<int> server,
        string[] headers, string? script = null)
    {
        await RunAsync(url, connections, warmUp, server, headers, script);
        return await RunAsync(url, connections, during, server, headers, script);
    }

    /// <summary>What these processes had of all processors since they started.</summary>
    public static TimeSpan CpuOf(IEnumerable<int> processes) => TimeSpan.FromSeconds(processes.Sum(process =>
    {
        // After the name, which may hold anything and ends with the last parenthesis: state is the third field.
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
        return (double)(long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }));

    private static TimeSpan Latency(string said, string share)
    {
        var found = Regex.Match(said, $@"{Regex.Escape(share)}\s+([\d.]+)(us|ms|s|m)\b");
        var value = double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
        return found.Groups[2].Value switch
        {
            "us" => TimeSpan.FromMicroseconds(value),
            "ms" => TimeSpan.FromMilliseconds(value),
            "s" => TimeSpan.FromSeconds(value),
            _ => TimeSpan.FromMinutes(value),
        };
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Answers();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex("(Socket errors|Non-2xx).*")]
    private static partial Regex Failures();

    [GeneratedRegex(@"(?<=[: ])\d+")]
    private static partial Regex Numbers();
}
