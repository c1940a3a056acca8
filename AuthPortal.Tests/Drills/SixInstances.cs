using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Start;
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
            await ManyInstancesTests.StartTogetherAsync(alsoTry: round == 1);
            journal.Say($"round {round}: 6 of 6 ready, one set of tables, each migration once");
        }
    }
}
