using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Start;

/// <summary>What a process finds on the machine that starts it: its language, its calendar, its image's variables.</summary>
public sealed class ProcessEnvironmentTests
{
    [Fact]
    public async Task The_log_is_of_everybodys_calendar_and_PORT_counts_more_than_an_images_ports()
    {
        var database = await TestServer.CreateDatabaseAsync();
        using var port = LoopbackPort.Take();
        using var images = LoopbackPort.Take();
        await using (var portal = PortalProcess.Start(
            database,
            new()
            {
                ["LC_ALL"] = "fa_IR.UTF-8",
                ["ASPNETCORE_URLS"] = null,
                ["ASPNETCORE_HTTP_PORTS"] = $"{images.Number}",
                ["PORT"] = $"{port.Number}",
            },
            port.Number))
        {
            await portal.ReadyAsync();

            Assert.Contains($"\"Timestamp\":\"{DateTimeOffset.UtcNow:yyyy}-", portal.Said, StringComparison.Ordinal);
        }

        await TestServer.DropDatabaseAsync(database);
    }
}
