using System.Runtime.CompilerServices;

namespace AuthPortal.Tests.Support;

/// <summary>Settings of the whole test process, and so of every host that it starts.</summary>
internal static class ProcessSettings
{
    /// <summary>
    /// Has no host watch its settings' files: each watch takes one of the 128 inotify instances that Linux gives a user,
    /// and hundreds of hosts start in a run.
    /// </summary>
    [ModuleInitializer]
    internal static void WatchNoFiles() =>
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
