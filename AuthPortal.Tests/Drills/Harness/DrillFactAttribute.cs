using Xunit;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>A drill that needs a program or a library of Debian's. Where it is missing, it is skipped by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DrillFactAttribute : FactAttribute
{
    /// <summary>Looks for it.</summary>
    public DrillFactAttribute(string needs, string package)
    {
        if (!File.Exists(needs))
            Skip = $"needs {needs} (apt-get install {package})";
    }
}
