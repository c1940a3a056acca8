using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AuthPortal.Database;
using AuthPortal.Database.Development;
using Microsoft.Extensions.Logging.Abstractions;

namespace AuthPortal.Tests.Support;

/// <summary>
/// A PostgreSQL of a test's own, which it may stop, freeze and kill. It and its folder are gone when the test
/// process is, however that ended.
/// </summary>
internal sealed class PrivateServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PostgresCluster _cluster;
    private readonly Process _undertaker;

    private PrivateServer(ServerAccount account, PostgresBinaries binaries, bool durable, int? megabytes)
    {
        _folder = NewFolder(account, durable);
        PrivateFile.CreateFolder(_folder, othersPass: account.Name is not null);
        if (megabytes is { } size)
            Run("mount", "-t", "tmpfs", "-o", $"size={size}m,mode=711", "tmpfs", _folder);
        _undertaker = Watch(_folder);
        var reachable = account.Runs(binaries.Tool("initdb")) ? binaries : binaries.CopyTo(_folder);
        _cluster = new PostgresCluster(reachable, account, _folder, Path.Combine(_folder, "data"), NullLogger.Instance)
        {
            Durable = durable,
            // Many small pools meet here at once.
            Settings = ["max_connections=400", .. durable ? (string[])[] : ["full_page_writes=off", "max_wal_size=128MB"]],
        };
    }

    /// <param name="durable">Whether what is committed outlives a power cut, as in production; it costs time.</param>
    /// <param name="megabytes">The size of a disk of its own (a tmpfs: as root); null for the machine's.</param>
    public static async Task<PrivateServer> StartAsync(bool durable = false, int? megabytes = null)
    {
        using var cost = Costs.Of("PostgreSQL servers started");
        var server = new PrivateServer(
            ServerAccount.ForThisProcess(), PostgresBinaries.Find(AppContext.BaseDirectory), durable, megabytes);
        await server.ContinueAsync();
        return server;
    }

    /// <summary>
    /// The path of a folder in memory, where a database is made and copied in a tenth of the time, if there is enough
    /// memory (Docker gives a container 64 MB); of one on the disk, if not, or where data must outlive a power cut.
    /// </summary>
    public static string NewFolder(ServerAccount account, bool durable)
    {
        const string Memory = "/dev/shm";
        var name = $"authportal-test-{RandomNumberGenerator.GetHexString(16, true)}";
        var isInMemory = !durable && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > 2L << 30;
        var folder = Path.Combine(isInMemory ? Memory : Path.GetTempPath(), name);
        return account.Reaches(folder) ? folder : Path.Combine("/var/tmp", name);
    }

    /// <summary>To the server's own database; tests name theirs in it.</summary>
    public string ConnectionString => _cluster.ConnectionString("postgres");

    public int Port => _cluster.Port;

    /// <summary>All that it has logged.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder, "data", "server.log"));

    public bool IsRunning => _cluster.ProcessId is not null;

    /// <summary>Starts it again, on the same port; a server that runs already stays as it is.</summary>
    public Task ContinueAsync() => _cluster.StartAsync(CancellationToken.None);

    /// <summary>Has it answer again, whatever a test did to it: stopped, killed or frozen.</summary>
    public async Task RestoreAsync()
    {
        if (IsRunning)
            await ThawAsync();
        await ContinueAsync();
    }

    public Task StopAsync() => _cluster.StopAsync();

    /// <summary>What <c>kill -9</c> does to it.</summary>
    public Task KillAsync() => SignalAsync("KILL", [_cluster.ProcessId!.Value]);

    /// <summary>Kills it while its children are frozen, so that they outlive it and hold the memory it shared.</summary>
    /// <returns>Lets the children go on, whereupon they end.</returns>
    public async Task<Func<Task>> KillBeforeItsChildrenAsync()
    {
        var all = Processes().ToList();
        await SignalAsync("STOP", all[1..]);
        await SignalAsync("KILL", all[..1]);
        return () => SignalAsync("CONT", all[1..]);
    }

    /// <summary>The same to it and all its children at once: nobody is left to say goodbye to a client.</summary>
    public Task KillAllAsync() => SignalAsync("KILL", Processes());

    /// <summary>It no longer answers, and its connections stay open.</summary>
    public Task FreezeAsync() => SignalAsync("STOP", Processes());

    public Task ThawAsync() => SignalAsync("CONT", Processes());

    /// <summary>Leaves no byte free on its disk.</summary>
    public void FillDisk()
    {
        using var filler = File.Create(Filler, bufferSize: 1);
        var block = new byte[4096];
        try
        {
            for (; ; )
                filler.Write(block);
        }
        catch (IOException)
        {
            // full
        }
    }

    public void FreeDisk() => File.Delete(Filler);

    private string Filler => Path.Combine(_folder, "filler");

    public async ValueTask DisposeAsync()
    {
        _undertaker.StandardInput.Close();
        await _undertaker.WaitForExitAsync();
        _undertaker.Dispose();
    }

    /// <summary>A shell that outlives us by a moment: its input ends when we do, even by <c>kill -9</c>.</summary>
    private static Process Watch(string folder)
    {
        const string Script = """
            trap '' INT TERM HUP
            exec > /dev/null 2>&1
            cat
            pid=$(head -n 1 "$1/data/postmaster.pid")
            [ -n "$pid" ] && kill -QUIT "$pid" && kill -CONT "$pid"
            umount -l "$1"
            for i in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && [ ! -e "$1" ] && break; sleep 0.1; done
            """;
        return Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", Script, "undertaker", folder]) { RedirectStandardInput = true })!;
    }

    /// <summary>The server and its children, by /proc: a slim container has no ps.</summary>
    private IEnumerable<int> Processes()
    {
        var postmaster = _cluster.ProcessId!.Value;
        return Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _) && ParentOf(folder) == postmaster)
            .Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Prepend(postmaster);
    }

    private static int ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));   // pid (name) state parent …
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;   // it ended meanwhile
        }
    }

    private static void Run(string program, params string[] args)
    {
        using var process = Process.Start(program, args);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', args)} failed: {process.ExitCode}");
    }

    private static async Task SignalAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {string.Join(' ', processes)}"]);
        await kill.WaitForExitAsync();
    }
}
