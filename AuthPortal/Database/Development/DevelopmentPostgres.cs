using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace AuthPortal.Database.Development;

/// <summary>
/// The PostgreSQL of a machine where nothing is configured: brought up on first use, shared by all portals that
/// run from one folder, stopped by the last that leaves, brought back when it dies while the portal runs.
/// </summary>
internal sealed partial class DevelopmentPostgres : IAsyncDisposable
{
    private const string Database = "authportal";

    private readonly string _home;
    private readonly PostgresCluster _cluster;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _leaving = new();

    private FileLock? _membership;
    private Task _watch = Task.CompletedTask;

    public DevelopmentPostgres(
        DataFolder folder, PostgresBinaries binaries, ServerAccount account, ILogger<DevelopmentPostgres> log)
    {
        folder.Create();
        // By major version: PostgreSQL 15 does not start what 18 has made.
        _home = Path.Combine(folder.Path, $"postgres-{binaries.Major}");
        PrivateFile.CreateFolder(_home, othersPass: account.Name is not null);
        PrivateFile.CreateFolder(Path.Combine(_home, "portals"));
        _log = log;
        _cluster = Place(binaries, account, folder);
    }

    /// <exception cref="DatabaseUnavailableException">Nobody has joined it yet.</exception>
    public DatabaseAddress Address => _cluster.Port > 0
        ? new(_cluster.ConnectionString(Database))
        : throw new DatabaseUnavailableException("The private PostgreSQL was not joined.");

    /// <summary>Starts the server or joins the one that runs, and looks after it from then on.</summary>
    public async Task JoinAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, _leaving.Token);
        using (await GateAsync(stop.Token))
        {
            if (_membership is not null)
                return;
            _membership = FileLock.TryTake(Path.Combine(_home, "portals", $"{Guid.NewGuid():N}"));
            AppDomain.CurrentDomain.ProcessExit += LeaveInHaste;
            await _cluster.StartAsync(stop.Token);
            await CreateDatabaseAsync(stop.Token);
        }

        _watch = Task.Run(() => WatchAsync(_leaving.Token), CancellationToken.None);
    }

    /// <summary>Leaves, and stops the server unless another portal still uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= LeaveInHaste;
        await _leaving.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var gate = await GateAsync(CancellationToken.None);
        if (_membership is null)
            return;
        _membership.Dispose();
        _membership = null;
        if (!OthersAreHere())
            await _cluster.StopAsync();
    }

    /// <summary>For a portal that ends without disposing its services, such as one whose start failed.</summary>
    private void LeaveInHaste(object? sender, EventArgs e) => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Looks at the server's process, not through a connection that would count as use.</summary>
    private async Task WatchAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (_cluster.ProcessId is not null)
                continue;
            LogGone();
            try
            {
                using var gate = await GateAsync(ct);
                await _cluster.StartAsync(ct);
            }
            catch (DatabaseUnavailableException e)
            {
                LogNotBack(e);
            }
        }
    }

    private Task<FileLock> GateAsync(CancellationToken ct) => FileLock.TakeAsync(Path.Combine(_home, "lock"), ct);

    /// <summary>Whoever died without leaving holds no lock any more: the kernel saw to it.</summary>
    private bool OthersAreHere()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_home, "portals")))
        {
            using var left = FileLock.TryTake(file);
            if (left is null)
                return true;
            File.Delete(file);
        }

        return false;
    }

    private PostgresCluster Place(PostgresBinaries binaries, ServerAccount account, DataFolder folder)
    {
        var near = Path.Combine(_home, "data");
        if (account.Reaches(near) && account.Runs(binaries.Tool("initdb")))
            return new PostgresCluster(binaries, account, _home, near, _log);

        // The server's user can't get in here (a clone below /root): the server lives elsewhere. Its folder's name
        // is derived from a secret, or another user of this machine could have laid it out for us beforehand.
        var secret = folder.ReadOrCreate("elsewhere", () => Convert.ToHexString(RandomNumberGenerator.GetBytes(32)));
        var name = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(_home));
        var far = Path.Combine("/var/tmp", $"authportal-{Convert.ToHexStringLower(name)[..16]}");
        PrivateFile.CreateFolder(far, othersPass: true);
        return new PostgresCluster(
            account.Runs(binaries.Tool("initdb")) ? binaries : binaries.CopyTo(far), account, _home,
            account.Reaches(near) ? near : Path.Combine(far, "data"), _log);
    }

    private async Task CreateDatabaseAsync(CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_cluster.ConnectionString("postgres")) { Pooling = false });
        await using var find = source.CreateCommand($"select 1 from pg_database where datname = '{Database}'");
        if (await find.ExecuteScalarAsync(ct) is not null)
            return;
        await using var create = source.CreateCommand($"create database {Database}");
        await create.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "The private PostgreSQL is gone: starting it again")]
    private partial void LogGone();

    [LoggerMessage(LogLevel.Error, "The private PostgreSQL did not come back")]
    private partial void LogNotBack(Exception e);
}
