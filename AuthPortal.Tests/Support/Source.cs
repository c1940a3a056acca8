using System.Runtime.CompilerServices;

namespace AuthPortal.Tests.Support;

/// <param name="Path">From the web project's folder, with slashes.</param>
internal sealed record SourceFile(string Path, string Text);

/// <summary>The repository that these tests were built from.</summary>
internal static class Source
{
    public static string Root { get; } = Find();

    /// <summary>The product's C# and Razor files.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } = [.. Read()];

    private static IEnumerable<SourceFile> Read()
    {
        var root = Path.Combine(Root, "AuthPortal");
        return from file in Directory.EnumerateFiles(root, "*.cs*", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(root, file).Replace('\\', '/')
               where !path.StartsWith("obj/", StringComparison.Ordinal)
               where !path.StartsWith("bin/", StringComparison.Ordinal)
               where Path.GetExtension(path) is ".cs" or ".cshtml"
               select new SourceFile(path, File.ReadAllText(file));
    }

    private static string Find([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
