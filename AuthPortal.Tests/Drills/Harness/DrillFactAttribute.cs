using System.Globalization;
using Xunit;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>A drill that needs more than every machine has; where it is missing the drill is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DrillFactAttribute : FactAttribute
{
    private const int CapSysAdmin = 21;

    /// <param name="needs">Where a program or a library must stand that Debian has a package for.</param>
    /// <param name="package">The package; null where it bears the program's name.</param>
    /// <param name="mounts">Whether the drill mounts a file system of its own.</param>
    public DrillFactAttribute(string? needs = null, string? package = null, bool mounts = false)
    {
        (Needs, Package, Mounts) = (needs, package ?? Path.GetFileName(needs), mounts);
        if (needs is not null && !File.Exists(needs))
            Skip = $"needs {needs} (apt-get install {Package})";
        if (mounts && !MayMount())
            Skip = "needs to mount a small tmpfs: run it as root, in a container with CAP_SYS_ADMIN";
    }

    public string? Needs { get; }

    public string? Package { get; }

    public bool Mounts { get; }

    private static bool MayMount()
    {
        const string Label = "CapEff:";
        return File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal))
                is { } line
            && (ulong.Parse(line[Label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                >> CapSysAdmin & 1) == 1;
    }
}
