using System.Diagnostics;

namespace AuthPortal.Database.Development;

/// <summary>
/// Who runs the server. PostgreSQL refuses root, so under root it is <c>postgres</c> where that user exists, else
/// <c>nobody</c>; for everybody else it is oneself.
/// </summary>
/// <param name="Name">Null: oneself.</param>
internal sealed record ServerAccount(string? Name)
{
    public static ServerAccount ForThisProcess() => new(
        !Environment.IsPrivilegedProcess || OperatingSystem.IsWindows() ? null
        : File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres"
        : "nobody");

    /// <summary>Whether this user gets to <paramref name="path"/> at all: a clone below /root is closed.</summary>
    public bool Reaches(string path)
    {
        if (Name is null || OperatingSystem.IsWindows())
            return true;
        for (var above = new DirectoryInfo(path).Parent; above is not null; above = above.Parent)
        {
            if (above.Exists && !above.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }

        return true;
    }

    public bool Runs(string tool) =>
        Name is null || OperatingSystem.IsWindows()
        || (Reaches(tool) && File.GetUnixFileMode(tool).HasFlag(UnixFileMode.OtherExecute));

    public void Own(string path)
    {
        if (Name is null)
            return;
        using var chown = Process.Start("chown", ["-h", Name, path]);
        chown.WaitForExit();
    }

    /// <summary>Runs a tool of PostgreSQL's as this user; .NET drops root by itself.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int Code, string Said)> RunAsync(string tool, string[] args, CancellationToken ct)
    {
        var start = new ProcessStartInfo(tool, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),   // one that every user may stand in
        };
        if (Name is not null)
            start.UserName = Name;
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync(ct);
        var complained = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, $"{await said}{await complained}".Trim());
    }
}
