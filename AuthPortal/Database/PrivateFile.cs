namespace AuthPortal.Database;

/// <summary>Files that only their owner may read, from their first moment on.</summary>
internal static class PrivateFile
{
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>The whole text or none of it, even when the machine stops half-way.</summary>
    public static void Write(string path, string text)
    {
        var half = $"{path}.{Guid.NewGuid():N}.new";
        using (var file = Open(half, FileMode.CreateNew, FileShare.None))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>A folder for its owner alone; others may pass through it by name where they must.</summary>
    public static void CreateFolder(string path, bool othersPass = false)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode Passage = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            var mode = othersPass ? Owner | Passage : Owner;
            Directory.CreateDirectory(path, mode);
            File.SetUnixFileMode(path, mode);   // whatever the umask made of it
        }
    }
}
