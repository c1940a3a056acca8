using System.Diagnostics;
using System.Net;
using System.Text;

namespace AuthPortal.Tests.Support;

/// <summary>The portal as its own process, as it really runs: what it prints, how it ends, and its address.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly LoopbackPort? _port;
    private readonly StringBuilder _said = new();

    private PortalProcess(Process process, LoopbackPort? port, string url) =>
        (_process, _port, Url) = (process, port, url);

    /// <summary>The one just built, or where <c>AUTHPORTAL_BINARY</c> says.</summary>
    private static string Binary =>
        Environment.GetEnvironmentVariable("AUTHPORTAL_BINARY") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "AuthPortal.dll");

    public string Url { get; }

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    public int ExitCode => _process.ExitCode;

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything a production portal needs, on a loopback port of its own; more settings override it.</summary>
    /// <param name="port">One that the caller took; null for any.</param>
    public static PortalProcess Start(
        string? database, Dictionary<string, string?>? settings = null, int? port = null)
    {
        var taken = port is null ? LoopbackPort.Take() : null;
        var url = $"http://localhost:{port ?? taken!.Number}";
        var start = new ProcessStartInfo("dotnet", [Binary])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = SourceFolder,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = url;
        start.Environment["Portal__PublicUrl"] = url;
        start.Environment["ConnectionStrings__Portal"] = database;
        start.Environment["BETTER_AUTH_SECRET"] = Portal.Secret;
        start.Environment["Accounts__RequireVerifiedEmail"] = "false";
        start.Environment["Passwords__Cost"] = "10";
        foreach (var (key, value) in settings ?? [])
        {
            if (value is null)
                start.Environment.Remove(key);
            else
                start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        var portal = new PortalProcess(process, taken, url);
        process.OutputDataReceived += (_, e) => portal.Hear(e.Data);
        process.ErrorDataReceived += (_, e) => portal.Hear(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return portal;
    }

    public static async Task<PortalProcess> StartAndWaitAsync(
        string database, Dictionary<string, string?>? settings = null)
    {
        var portal = Start(database, settings);
        try
        {
            await portal.ReadyAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync(); // a fixture that could not begin is not asked to end
            throw;
        }
    }

    /// <summary>Until it serves, or two minutes are over: on a busy machine six of them take their time to start.</summary>
    public async Task ReadyAsync()
    {
        using var cost = Costs.Of("portal processes started");
        using var http = new HttpClient();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(50))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The portal ended: {Said}");
            try
            {
                if ((await http.GetAsync($"{Url}/healthz/ready")).StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
        }

        throw new TimeoutException($"The portal was not ready in two minutes: {Said}");
    }

    public HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true })
    {
        BaseAddress = new Uri(Url),
    };

    public async Task<int> ExitAsync(TimeSpan within)
    {
        await _process.WaitForExitAsync().WaitAsync(within);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM: what an operator's <c>docker stop</c> sends.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        kill.WaitForExit();
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _port?.Dispose();
    }

    /// <summary>The web project's folder, where its static files are.</summary>
    internal static string SourceFolder => Path.GetFullPath(Path.Combine(Source.Root, "AuthPortal"));

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
    }
}
