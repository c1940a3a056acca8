namespace AuthPortal.Database;

/// <summary>Where a development machine keeps what it makes: its PostgreSQL, its secret. <c>.data/</c>.</summary>
internal sealed class DataFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>
    /// What the file says; where there is none yet, what <paramref name="make"/> says, for good. Two processes that
    /// start at once get the same answer.
    /// </summary>
    public string ReadOrCreate(string fileName, Func<string> make)
    {
        Create();
        var file = System.IO.Path.Combine(Path, fileName);
        if (File.Exists(file))
            return File.ReadAllText(file);

        // .NET's File.Move without overwrite looks first and renames then, so two could both succeed: hence a lock.
        using var only = FileLock.Take(System.IO.Path.Combine(Path, ".lock"));
        if (!File.Exists(file))
            PrivateFile.Write(file, make());
        return File.ReadAllText(file);
    }

    /// <summary>
    /// For its owner alone. As root others may pass through (not look around): the server's user must reach the
    /// cluster below, and every file in here is closed by its own mode.
    /// </summary>
    public void Create() => PrivateFile.CreateFolder(Path, othersPass: Environment.IsPrivilegedProcess);
}
