using System.Runtime.InteropServices;

namespace AuthPortal.Passwords;

/// <summary>
/// Lets a thread work mostly where nothing else wants the core: Linux's niceness, which it has thread by thread.
/// </summary>
internal static class LowPriority
{
    private const int Process = 0; // PRIO_PROCESS; 0 for whom is the calling thread (setpriority(2), BUGS)
    private const int Nice = 5;

    /// <summary>Makes the calling thread nice; a no-op elsewhere than on Linux.</summary>
    /// <remarks>Lowering one's own priority needs no right, so there is no failure to tell of.</remarks>
    public static void OfThisThread()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(Process, 0, Nice);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
