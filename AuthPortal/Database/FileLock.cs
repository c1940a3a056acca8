namespace AuthPortal.Database;

/// <summary>
/// A file that one process holds at a time. The kernel takes the lock back however its holder dies, so unlike a
/// file that merely exists it is never stale.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException) when (Directory.Exists(Path.GetDirectoryName(path)))
        {
            return null;
        }
    }

    public static async Task<FileLock> TakeAsync(string path, CancellationToken ct)
    {
        for (; ; )
        {
            if (TryTake(path) is { } held)
                return held;
            await Task.Delay(50, ct);
        }
    }

    public static FileLock Take(string path)
    {
        for (; ; )
        {
            if (TryTake(path) is { } held)
                return held;
            Thread.Sleep(20);
        }
    }

    public void Dispose() => _file.Dispose();
}
