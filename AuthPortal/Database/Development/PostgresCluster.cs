using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace AuthPortal.Database.Development;

/// <summary>
/// A private PostgreSQL: one data folder, one loopback port, one password. It lets itself be started however the
/// last run ended; who may start and stop it, and when, is decided above. <c>home</c> is ours (the password, the
/// remembered port), <c>data</c> the server's.
/// </summary>
internal sealed partial class PostgresCluster(
    PostgresBinaries binaries, ServerAccount account, string home, string data, ILogger log)
{
    private const string User = "portal";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>False where nothing is worth keeping: a power cut may then cost the whole cluster.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Extra <c>name=value</c> settings.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public int Port { get; private set; }

    /// <summary>The running server's process; null while there is none.</summary>
    public int? ProcessId => PostmasterPid.Read(data)?.Process;

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = User,
        Password = Password(),
        Database = database,
    }.ConnectionString;

    /// <summary>After this the server answers, on <see cref="Port"/>. Not for two processes at once.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        if (!Directory.Exists(data))
            await InitializeAsync(ct);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(StartLimit);
        Port = RememberedPort();
        var said = "";
        try
        {
            while (!await AnswersAsync(limit.Token))
            {
                if (PostmasterPid.Read(data) is { } running)
                    Port = running.Port;   // coming up, or going down
                else
                    said = await LaunchAsync(limit.Token);
                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new DatabaseUnavailableException($"The private PostgreSQL did not start: see {LogFile} "
                + $"or, to begin anew, delete {data}. {said}".Trim());
        }
    }

    public async Task StopAsync()
    {
        string[] fast = ["stop", "-D", data, "-m", "fast", "-w", "-t", "30"];
        if (ProcessId is not null)
            await account.RunAsync(binaries.Tool("pg_ctl"), fast, CancellationToken.None);
    }

    private string LogFile => Path.Combine(data, "server.log");

    private string PortFile => Path.Combine(home, "port");

    private string Password() => new DataFolder(home).ReadOrCreate(
        "password", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));

    /// <summary>
    /// Made under a name used once, so that an initdb cut short leaves nothing to trip over, and one that outlived
    /// its portal writes into nobody else's.
    /// </summary>
    private async Task InitializeAsync(CancellationToken ct)
    {
        LogCreating(binaries.Major, data);
        foreach (var left in Directory.GetDirectories(Path.GetDirectoryName(data)!, "data.*.new"))
            Directory.Delete(left, recursive: true);
        var half = $"{data}.{Guid.NewGuid():N}.new";
        var (fresh, password) = (Path.Combine(half, "data"), Path.Combine(half, "password"));
        PrivateFile.CreateFolder(half, othersPass: account.Name is not null);
        PrivateFile.CreateFolder(fresh);
        PrivateFile.Write(password, Password());
        account.Own(fresh);
        account.Own(password);

        string[] sync = Durable ? [] : ["--no-sync"];
        var (code, said) = await account.RunAsync(binaries.Tool("initdb"), [
            "-D", fresh, "-U", User, "--auth=scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--no-locale",
            .. sync], ct);
        if (code != 0)
            throw new DatabaseUnavailableException($"initdb could not make {fresh}: {said}");
        Directory.Move(fresh, data);
        Directory.Delete(half, recursive: true);
    }

    private async Task<string> LaunchAsync(CancellationToken ct)
    {
        PostmasterPid.RemoveStale(data);
        if (Port == 0 || !IsFree(Port))
            Port = FreePort();
        PrivateFile.Write(PortFile, $"{Port}");
        string[] settings = [
            "listen_addresses=127.0.0.1", $"port={Port}", "unix_socket_directories=''", "timezone=UTC",
            "shared_buffers=32MB", $"fsync={(Durable ? "on" : "off")}", .. Settings];

        // pg_ctl gives the server a session of its own: Ctrl-C in the terminal reaches the portal and not the server.
        var options = string.Join(' ', settings.Select(setting => $"-c {setting}"));
        var (code, said) = await account.RunAsync(
            binaries.Tool("pg_ctl"), ["start", "-D", data, "-l", LogFile, "-w", "-t", "30", "-o", options], ct);
        if (code == 0)
        {
            LogStarted(binaries.Major, Port);
            return "";
        }

        // A killed server's last children hold what it shared: that passes, and clients know this port. Should another
        // program have taken it meanwhile, the next launch chooses another one.
        LogRefused(code, said);
        await Task.Delay(250, ct);
        return said;
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        if (Port == 0)
            return false;
        var address = new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false, Timeout = 2 };
        try
        {
            await using var connection = new NpgsqlConnection(address.ConnectionString);
            await connection.OpenAsync(ct);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException || Outage.IsOutage(e))
        {
            return false;   // nobody there, not yet ready, or somebody else's server
        }
    }

    private int RememberedPort()
    {
        if (PostmasterPid.Read(data) is { } running)
            return running.Port;
        return File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), out var port) ? port : 0;
    }

    /// <summary>Below the ephemeral range, or an outgoing connection might sit on it at the next start.</summary>
    private static int FreePort()
    {
        int port;
        do
            port = RandomNumberGenerator.GetInt32(20000, 32000);
        while (!IsFree(port));
        return port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var trial = new TcpListener(IPAddress.Loopback, port);
            trial.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Creating a private PostgreSQL {Major} in {Folder}")]
    private partial void LogCreating(int major, string folder);

    [LoggerMessage(LogLevel.Information, "Started the private PostgreSQL {Major} on 127.0.0.1:{Port}")]
    private partial void LogStarted(int major, int port);

    [LoggerMessage(LogLevel.Debug, "pg_ctl exited with {Code}: {Said}")]
    private partial void LogRefused(int code, string said);
}
