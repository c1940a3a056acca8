using System.Globalization;

namespace AuthPortal.Database.Development;

/// <summary>
/// What <c>postmaster.pid</c> says, checked against the process itself: after a crash the number may belong to
/// another program, or to a zombie that nobody buries (both let PostgreSQL refuse to start).
/// </summary>
internal static class PostmasterPid
{
    /// <returns>The running server's process and port, or null when the file is missing or stale.</returns>
    public static (int Process, int Port)? Read(string data)
    {
        var lines = TextOf(data).Split('\n');
        return lines.Length >= 4
            && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var process)
            && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port)
            && IsServerOf(data, process)
            ? (process, port)
            : null;
    }

    /// <summary>Removes a file whose server is gone. Only under the gate: nobody else is starting one.</summary>
    public static void RemoveStale(string data)
    {
        if (Read(data) is null && OperatingSystem.IsLinux())
            File.Delete(FileOf(data));
    }

    private static string FileOf(string data) => Path.Combine(data, "postmaster.pid");

    private static bool IsServerOf(string data, int process)
    {
        if (!OperatingSystem.IsLinux())
            return true;   // elsewhere PostgreSQL's own checks must do
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var state = stat[(stat.LastIndexOf(')') + 2)..][0];   // pid (name) state …
            if (state is 'Z' or 'X')
                return false;

            // `postgres -D folder`: the same folder, however it is spelt, holds the same file.
            var command = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            var folder = command.SkipWhile(argument => argument != "-D").ElementAtOrDefault(1);
            return folder is not null && TextOf(folder) == TextOf(data);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string TextOf(string data)
    {
        try
        {
            return File.ReadAllText(FileOf(data));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
