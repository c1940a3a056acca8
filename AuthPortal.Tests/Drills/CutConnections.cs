using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>A firewall forgets, a pooler restarts: connections are torn in the middle of whatever they carry.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class CutConnections(ITestOutputHelper output)
{
    private const int Times = 20;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_connections_are_cut_in_mid_flight()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var wire = TcpProxy.To(server.Port);
        await using var drill = Drill.Begin(
            output, nameof(CutConnections), $"every connection to PostgreSQL cut, {Times} times under load");
        var portal = await drill.StartPortalAsync(wire.Through(server.ConnectionString));
        await drill.StartLoadAsync(portal.Url);

        drill.Broken("all connections are reset, again and again");
        var cut = 0;
        for (var i = 0; i < Times; i++)
        {
            cut += wire.CutAll();
            await Task.Delay(Random.Shared.Next(100, 700));
        }

        drill.Say($"{cut} connections were cut");
        await drill.WholeAgainAsync("connections stay");
        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }
}
