using System.Diagnostics;

namespace AuthPortal.Database;

/// <summary>
/// When PostgreSQL last answered this process. After a pause every pooled connection may be one to a server that
/// has restarted since, and the first statement on it fails; Npgsql then drops them all.
/// </summary>
internal sealed class Pulse
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private long _at;

    /// <summary>False, too, before the first answer: there is no old connection yet.</summary>
    public bool IsOld => Volatile.Read(ref _at) is not 0 and var at && Stopwatch.GetElapsedTime(at) > Fresh;

    public void Felt() => Volatile.Write(ref _at, Stopwatch.GetTimestamp());
}
