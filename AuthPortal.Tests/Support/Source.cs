using System.Runtime.CompilerServices;

namespace AuthPortal.Tests.Support;

/// <summary>The repository that these tests were built from.</summary>
internal static class Source
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
