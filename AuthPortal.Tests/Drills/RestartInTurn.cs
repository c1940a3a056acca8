using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>A new version is rolled out: each of two instances behind nginx is stopped and started under load.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class RestartInTurn(ITestOutputHelper output)
{
    private const int Rounds = 2;

    [DrillFact(Nginx.Binary, Nginx.Package)]
    public async Task Not_one_request_fails_while_two_instances_restart_in_turn()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(RestartInTurn), $"two portals behind nginx, each SIGTERMed and started again {Rounds} times under load");
        await using var fleet = await Fleet.StartAsync(drill, server.ConnectionString);
        await drill.StartLoadAsync(fleet.Url);

        var longest = TimeSpan.Zero;
        for (var round = 0; round < Rounds; round++)
        {
            drill.Broken("both are stopped and started, one after the other");
            var took = await fleet.RestartInTurnAsync();
            longest = took > longest ? took : longest;
            await drill.WholeAgainAsync("both are back");
        }

        await drill.ReckonAsync(server.ConnectionString, fleet.Url);
        var failed = drill.Ledger.Answers.Count(answer => answer.Status is null or >= 500);
        drill.Line("requests", $"{drill.Ledger.Answers.Count} in {Journal.Seconds(drill.Journal.Now)}, {failed} failed");
        drill.Line("from SIGTERM to exit", $"at most {Journal.Seconds(longest)}");
        Assert.Equal(0, failed);
        Assert.InRange(longest.TotalSeconds, 0, 10);
    }
}
