using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>A virtual machine is moved, a disk hangs: for ten seconds PostgreSQL takes connections and says nothing.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class FreezePostgres(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_postgres_is_paused_for_ten_seconds()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(FreezePostgres), "PostgreSQL paused (SIGSTOP to all its processes) for 10 s under load");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        await drill.StartLoadAsync(portal.Url);

        drill.Broken("SIGSTOP to the postmaster and its children");
        await server.FreezeAsync();
        await Task.WhenAll(Task.Delay(TimeSpan.FromSeconds(10)), drill.SeesNotReadyAsync(portal));
        await server.ThawAsync();
        await drill.WholeAgainAsync("PostgreSQL goes on (SIGCONT)");

        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }
}
