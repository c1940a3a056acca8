using System.Diagnostics;
using System.Net;
using System.Text;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Bench;

/// <summary>Another server that is asked the same, as its own process.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private bool _isOver;

    private Peer(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public int ProcessId => _process.Id;

    /// <summary>How long it took from its start until it answered.</summary>
    public TimeSpan Started { get; private set; }

    /// <param name="folder">Below <c>Bench/Peers</c>.</param>
    /// <param name="probe">What answers, be it with a refusal, once it serves.</param>
    public static async Task<Peer> StartAsync(
        string folder, string program, string[] arguments, string probe, Func<string, Dictionary<string, string>> settings)
    {
        var url = $"http://localhost:{LoopbackPort.TakeForGood()}";
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = FolderOf(folder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings(url))
            start.Environment[key] = value;
        var began = Stopwatch.GetTimestamp();
        var peer = new Peer(new Process { StartInfo = start }, url);
        peer._process.OutputDataReceived += (_, line) => peer._said.AppendLine(line.Data);
        peer._process.ErrorDataReceived += (_, line) => peer._said.AppendLine(line.Data);
        peer._process.Start();
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        await peer.ServesAsync(probe);
        peer.Started = Stopwatch.GetElapsedTime(began);
        return peer;
    }

    public static string FolderOf(string peer) =>
        Path.Combine(Source.Root, "AuthPortal.Tests", "Bench", "Peers", peer);

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
            return;
        _isOver = true;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ServesAsync(string probe)
    {
        using var http = new HttpClient();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(1); await Task.Delay(20))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"It ended: {_said}");
            try
            {
                if ((await http.GetAsync(Url + probe)).StatusCode < HttpStatusCode.InternalServerError)
                    return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
        }

        throw new TimeoutException($"It did not serve within a minute: {_said}");
    }
}
