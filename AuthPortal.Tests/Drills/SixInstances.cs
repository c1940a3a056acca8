using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Start;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>A roll-out on an empty database: ten times over, six portals start at the same moment.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SixInstances(ITestOutputHelper output)
{
    [Fact]
    public async Task Six_started_at_once_on_an_empty_database_all_serve_ten_times_of_ten()
    {
        var journal = new Journal(output);
        journal.Print("");
        journal.Print($"{nameof(SixInstances)}: six portals start at the same moment on an empty database, ten times");
        for (var round = 1; round <= 10; round++)
        {
            await StartTogetherAsync(alsoTry: round == 1);
            journal.Say($"round {round}: 6 of 6 ready, one set of tables, each migration once");
        }
    }
    /// <param name="alsoTry">Whether each is also shown the others' tokens and forms.</param>
    private static async Task StartTogetherAsync(bool alsoTry)
    {
        var database = await TestServer.CreateEmptyDatabaseAsync();
        var portals = Enumerable.Range(0, 6)
            .Select(_ => PortalProcess.Start(
                database, new() { ["Portal__PublicUrl"] = ManyInstancesTests.PublicUrl }))
            .ToList();
        try
        {
            await Task.WhenAll(portals.Select(portal => portal.ReadyAsync()));
            await ManyInstancesTests.AssertOneSetOfTablesAsync(database);
            if (alsoTry)
                await ManyInstancesTests.AssertEachAcceptsTheOthersAsync([.. portals.Select(portal => portal.Url)]);
        }
        finally
        {
            await Task.WhenAll(portals.Select(portal => portal.DisposeAsync().AsTask()));
        }

        await TestServer.DropDatabaseAsync(database);
    }
}
