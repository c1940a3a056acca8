using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AuthPortal.Database.Development;

/// <summary>An installed PostgreSQL: the folder of <c>initdb</c>, <c>pg_ctl</c>, <c>postgres</c>.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    private const string Variable = "AUTHPORTAL_PG_BIN";

    private const string Installed = "/usr/lib/postgresql";

    private static readonly string[] Tools = ["initdb", "pg_ctl", "postgres"];

    /// <param name="from">Where to look for <c>node_modules</c>: here and in every folder above.</param>
    /// <exception cref="OptionsValidationException">There is none: says what to run.</exception>
    public static PostgresBinaries Find(string from)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return IsComplete(chosen)
                ? Read(chosen)
                : throw Missing($"{Variable} is {chosen}, which lacks one of {string.Join(", ", Tools)}.");
        }

        return Places(from).FirstOrDefault(IsComplete) is { } found
            ? Read(found)
            : throw Missing("No database is configured and no PostgreSQL was found to start one: run "
                + $"`apt-get install postgresql` or `npm install --no-save {Package}`, or set "
                + "ConnectionStrings__Portal or DATABASE_URL.");
    }

    public string Tool(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>A copy that the server's user can reach, of <c>bin</c>, <c>lib</c> and <c>share</c>.</summary>
    public PostgresBinaries CopyTo(string folder)
    {
        var copy = Path.Combine(folder, $"postgres-{Major}");
        if (!Directory.Exists(copy))
        {
            var half = $"{copy}.{Guid.NewGuid():N}.new";
            foreach (var part in (string[])["bin", "lib", "share"])
                CopyTree(new DirectoryInfo(Path.Combine(Folder, "..", part)), Directory.CreateDirectory(half), part);
            using (var chmod = Process.Start("chmod", ["-R", "a+rX", half]))   // whatever the umask made of it
                chmod.WaitForExit();
            try
            {
                Directory.Move(half, copy);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                Directory.Delete(half, recursive: true);   // another portal was faster
            }
        }

        return this with { Folder = Path.Combine(copy, "bin") };
    }

    private static void CopyTree(DirectoryInfo from, DirectoryInfo above, string name)
    {
        var to = above.CreateSubdirectory(name);
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to.FullName, file.Name));
        foreach (var folder in from.EnumerateDirectories())
            CopyTree(folder, to, folder.Name);
    }

    private static string Package
    {
        get
        {
            var system = OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "linux";
            var processor = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            return $"@embedded-postgres/{system}-{processor}";
        }
    }

    private static IEnumerable<string> Places(string from)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            yield return folder;

        var versions = Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [];
        foreach (var version in versions.OrderByDescending(Number))
            yield return Path.Combine(version, "bin");

        for (var above = new DirectoryInfo(from); above is not null; above = above.Parent)
            yield return Path.Combine(above.FullName, "node_modules", Package, "native", "bin");
    }

    private static double Number(string folder) =>
        double.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private static bool IsComplete(string folder) =>
        folder.Length > 0 && Tools.All(tool => File.Exists(new PostgresBinaries(Real(folder), 0).Tool(tool)));

    /// <summary>Where the programs really are: what stands in PATH may be links, dangling ones too.</summary>
    private static string Real(string folder)
    {
        var postgres = new FileInfo(new PostgresBinaries(folder, 0).Tool("postgres"));
        var target = postgres.Exists ? postgres.ResolveLinkTarget(returnFinalTarget: true) : null;
        return Path.GetFullPath(target is null ? folder : Path.GetDirectoryName(target.FullName)!);
    }

    private static PostgresBinaries Read(string folder)
    {
        var found = new PostgresBinaries(Real(folder), 0);
        using var asked = Process.Start(
            new ProcessStartInfo(found.Tool("postgres"), ["--version"]) { RedirectStandardOutput = true })!;
        var answer = asked.StandardOutput.ReadToEnd();
        asked.WaitForExit();
        return Version().Match(answer) is { Success: true } version
            ? found with { Major = int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture) }
            : throw Missing($"{found.Tool("postgres")} does not say which version it is.");
    }

    private static OptionsValidationException Missing(string sentence) =>
        new(Variable, typeof(PostgresBinaries), [sentence]);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex Version();
}
