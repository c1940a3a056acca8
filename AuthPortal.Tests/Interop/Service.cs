using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Interop;

/// <summary>One of the services to copy, as a process of its own.</summary>
internal sealed class Service : IAsyncDisposable
{
    public const string FastApi = "FastAPI";
    public const string Node = "Node";
    public const string AspNet = "ASP.NET Core";
    public const string Payments = "Payments";

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly HttpClient _http;

    private Service(ProcessStartInfo start, int port)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Hear(e.Data);
        _process.ErrorDataReceived += (_, e) => Hear(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <summary>Starts it beside a portal and waits until it serves.</summary>
    public static async Task<Service> StartAsync(
        string ecosystem, string issuer, params (string Name, string Value)[] settings) =>
        await StartAsync(ecosystem, issuer, LoopbackPort.TakeForGood(), settings);

    /// <summary>The same on a port that the portal has been told of.</summary>
    public static async Task<Service> StartAsync(
        string ecosystem, string issuer, int port, params (string Name, string Value)[] settings)
    {
        var start = ecosystem switch
        {
            FastApi => new ProcessStartInfo(Tools.Python, ["-m", "uvicorn", "notes:app", "--port", $"{port}"]),
            Node => new ProcessStartInfo("node", [Tools.BesidePackages("notes.mjs")]),
            AspNet => new ProcessStartInfo(
                "dotnet", ["run", "--file", "notes.cs", "--", "--urls", $"http://localhost:{port}"]),
            Payments => new ProcessStartInfo("node", [Tools.BesidePackages("payments.mjs", Tools.Folder)]),
            _ => throw new ArgumentOutOfRangeException(nameof(ecosystem)),
        };
        start.WorkingDirectory = Tools.Verifiers;
        start.Environment["AUTHPORTAL_URL"] = issuer;
        start.Environment["PORT"] = $"{port}";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var service = new Service(start, port);
        await service.ReadyAsync();
        return service;
    }

    /// <summary>Asks for somebody's notes, showing a token or none.</summary>
    public async Task<HttpStatusCode> NotesAsync(Guid of, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/users/{of}/notes");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    public ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit(TimeSpan.FromSeconds(5)); // not until its output ends: a compiler server may hold that
        _process.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadyAsync()
    {
        // The .NET one is compiled first.
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(3); await Task.Delay(100))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"It ended (did `make interop` start it?): {Said}");
            try
            {
                await NotesAsync(Guid.Empty, token: null);
                return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
        }

        throw new TimeoutException($"It did not serve within three minutes: {Said}");
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_said)
            _said.AppendLine(line);
    }
}
