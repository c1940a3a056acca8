using System.Globalization;
using Xunit;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>A drill that mounts a small disk of its own. Where that is not allowed, it is skipped by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    private const string Label = "CapEff:";
    private const int CapSysAdmin = 21;

    /// <summary>Looks at what this process may do.</summary>
    public MountFactAttribute()
    {
        if ((Capabilities() >> CapSysAdmin & 1) == 0)
            Skip = "needs to mount a tmpfs: run it as root, in a container with CAP_SYS_ADMIN";
    }

    private static ulong Capabilities()
    {
        const string Status = "/proc/self/status";
        var line = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal))
            : null;
        return line is null
            ? 0
            : ulong.Parse(line[Label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
