using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>PostgreSQL dies without a word, three times, and is back after one, two and three seconds.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class KillPostgres(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_postgres_is_killed_under_load()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(KillPostgres), "PostgreSQL killed -9 with all its children under load, and started again");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        await drill.StartLoadAsync(portal.Url);

        for (var away = 1; away <= 3; away++)
        {
            drill.Broken("kill -9 of the postmaster and its children");
            await server.KillAllAsync();
            await Task.WhenAll(Task.Delay(TimeSpan.FromSeconds(away)), drill.SeesNotReadyAsync(portal));
            await server.ContinueAsync();
            await drill.WholeAgainAsync("PostgreSQL answers again");
        }

        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }
}
