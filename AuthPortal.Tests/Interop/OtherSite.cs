using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthPortal.Tests.Interop;

/// <summary>Another origin: one page, with Better Auth's client on it.</summary>
internal sealed class OtherSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherSite(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    public string Origin => $"http://localhost:{Port}";

    public static async Task<OtherSite> StartAsync(string script)
    {
        var port = LoopbackPort.TakeForGood();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://localhost:{port}");
        var app = builder.Build();
        const string Page = """<!DOCTYPE html><title>Elsewhere</title><script type="module" src="/client.js"></script>""";
        app.MapGet("/", () => Results.Content(Page, "text/html"));
        app.MapGet("/client.js", () => Results.Content(script, "text/javascript"));
        await app.StartAsync();
        return new OtherSite(app, port);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
