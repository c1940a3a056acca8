using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using AuthPortal.Database;
using AuthPortal.Database.Development;
using Npgsql;

namespace AuthPortal.Tests.Support;

/// <summary>A pgbouncer in transaction mode before a PostgreSQL: few connections behind, many before it.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>Where Debian's package puts it.</summary>
    public const string Program = "/usr/sbin/pgbouncer";

    private readonly ServerAccount _account = ServerAccount.ForThisProcess();
    private readonly string _folder =
        Path.Combine("/var/tmp", $"authportal-pgbouncer-{RandomNumberGenerator.GetHexString(16, true)}");

    private readonly int _port = LoopbackPort.TakeForGood();
    private Process? _process;

    private PgBouncer(NpgsqlConnectionStringBuilder server, int poolSize)
    {
        PrivateFile.CreateFolder(_folder, othersPass: true);
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = _port }.ConnectionString;
        Write("users", $"\"{server.Username}\" \"{server.Password}\"\n");
        Write("ini", $"""
            [databases]
            * = host=127.0.0.1 port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {FileOf("users")}
            pool_mode = transaction
            default_pool_size = {poolSize}
            max_client_conn = 500
            ; By default it lets 15 s pass before it looks again for a server that was away.
            server_login_retry = 1

            """);
    }

    /// <summary>The server's, by way of the pooler.</summary>
    public string ConnectionString { get; }

    public static async Task<PgBouncer> StartAsync(string server, int poolSize)
    {
        var pooler = new PgBouncer(new NpgsqlConnectionStringBuilder(server), poolSize);
        await pooler.ContinueAsync();
        return pooler;
    }

    /// <summary>Starts it, and returns when it takes connections.</summary>
    public async Task ContinueAsync()
    {
        var start = new ProcessStartInfo(Program, ["-q", FileOf("ini")])
        {
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        if (_account.Name is not null)
            start.UserName = _account.Name;   // it refuses root
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        await Eventually.SeeAsync("pgbouncer listens", true, ListensAsync);
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Write(string name, string text)
    {
        PrivateFile.Write(FileOf(name), text);
        _account.Own(FileOf(name));
    }

    private string FileOf(string name) => Path.Combine(_folder, name);
}
