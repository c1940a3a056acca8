using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AuthPortal.Web;

/// <summary>
/// What one caller may take of the server. What is not named is as Kestrel has it: connections without a request stay
/// for 130 s, longer than proxies keep theirs (a minute), so that it is the proxy who closes them, between requests.
/// </summary>
internal static class ServerLimits
{
    private const int MostConnections = 20_000;

    /// <summary>For the database, mail, files and what the runtime opens.</summary>
    private const int OtherDescriptors = 1_000;

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = JsonBodies.MaxBytes;
        limits.MaxConcurrentConnections = ConnectionsFor(MaxOpenFiles());

        // A head is a packet or two: who takes longer is holding a place. (Kestrel waits 30 s.)
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);

        // A form is through within the grace; the longest body takes 16 s more. (At Kestrel's 240 B/s, over a minute.)
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
    }

    /// <summary>
    /// Each takes a file descriptor. Were they to take all, accepting would stall and the database be out of reach.
    /// </summary>
    internal static int ConnectionsFor(long maxOpenFiles) =>
        (int)Math.Clamp(maxOpenFiles - OtherDescriptors, OtherDescriptors, MostConnections);

    /// <summary>The hard limit: .NET raises the soft one to it at start.</summary>
    private static long MaxOpenFiles()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max open files";
        var line = File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))
            : null;
        var columns = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries); // soft, hard, unit
        return columns is [_, var hard, ..] && long.TryParse(hard, CultureInfo.InvariantCulture, out var most)
            ? most
            : long.MaxValue; // no Linux, or unlimited
    }
}
