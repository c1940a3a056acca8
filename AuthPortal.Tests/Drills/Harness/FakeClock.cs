namespace AuthPortal.Tests.Drills.Harness;

/// <summary>
/// Another process's clock, to be set while it runs: Debian's libfaketime. Durations stay true, as they do where an
/// administrator sets a clock.
/// </summary>
internal sealed class FakeClock : IDisposable
{
    public const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    public const string Package = "libfaketime";

    private readonly string _file = Path.GetTempFileName();

    public FakeClock(TimeSpan ahead) => Set(ahead);

    /// <summary>For the process whose clock it is.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["LD_PRELOAD"] = Library,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", // meant for older systems; here every timer of .NET's would be over at once
    };

    /// <summary>Negative: behind.</summary>
    public void Set(TimeSpan ahead)
    {
        // In one move: the process may read it at any time.
        File.WriteAllText($"{_file}.new", $"{(ahead < TimeSpan.Zero ? "" : "+")}{(int)ahead.TotalSeconds}s\n");
        File.Move($"{_file}.new", _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);
}
