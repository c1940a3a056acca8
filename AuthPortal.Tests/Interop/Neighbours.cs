using AuthPortal.Keys;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Interop;

/// <summary>The portal as it really runs, and a service of each kind beside it. One per test class.</summary>
public sealed class Neighbours : IAsyncLifetime
{
    private readonly Dictionary<string, Service> _services = [];
    private string _database = "";

    /// <summary>What the portal's keys come from.</summary>
    internal KeyOptions Keys { get; } = new() { Secret = Support.Portal.Secret };

    internal PortalProcess Portal { get; private set; } = null!;

    internal Service this[string ecosystem] => _services[ecosystem];

    public async Task InitializeAsync()
    {
        _database = await TestServer.CreateDatabaseAsync();
        // Its log names every request, for the test that counts them.
        Portal = await PortalProcess.StartAndWaitAsync(_database, new()
        {
            ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Information",
            ["Logging__Console__FormatterName"] = "simple",
        });
        foreach (var ecosystem in (string[])[Service.FastApi, Service.Node, Service.AspNet])
            _services[ecosystem] = await Service.StartAsync(ecosystem, Portal.Url);
    }

    public async Task DisposeAsync()
    {
        foreach (var service in _services.Values)
            await service.DisposeAsync();
        await Portal.DisposeAsync();
        await TestServer.DropDatabaseAsync(_database);
    }
}
