using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// The answer to COMMIT is lost, and with it the knowledge whether anything was committed. Half of those connections
/// are cut right after PostgreSQL was told, half right before.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class CutCommits(ITestOutputHelper output)
{
    private const int Times = 40;

    [Fact]
    public async Task What_was_committed_is_acknowledged_although_the_answer_to_commit_is_lost()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var wire = TcpProxy.To(server.Port);
        await using var drill = Drill.Begin(
            output, nameof(CutCommits), $"every third connection that says COMMIT is cut, {Times} times under load");
        var portal = await drill.StartPortalAsync(wire.Through(server.ConnectionString));
        await drill.StartLoadAsync(portal.Url);

        var (told, untold, commits) = (0, 0, 0);
        wire.Watch = piece =>
        {
            if (!TcpProxy.IsCommit(piece) || told + untold >= Times || Interlocked.Increment(ref commits) % 3 != 0)
                return Passage.Forward;
            return commits % 2 == 0
                ? Count(ref told, Passage.ForwardThenCut)
                : Count(ref untold, Passage.CutInstead);
        };
        drill.Broken("connections are cut at COMMIT");
        await Eventually.IsTrueAsync(() => Task.FromResult(told + untold >= Times), TimeSpan.FromMinutes(2));
        drill.Say($"{told} were cut after PostgreSQL was told to commit, {untold} before");
        await drill.WholeAgainAsync("connections stay");
        await drill.ReckonAsync(server.ConnectionString, portal.Url);

        var inDoubt = drill.Ledger.Answers.Count(answer => answer.Status == 503);
        drill.Say($"{inDoubt} people were told to try again");
        Assert.InRange(told, 1, Times);
        Assert.InRange(inDoubt, 0, untold);
    }

    private static Passage Count(ref int count, Passage passage)
    {
        Interlocked.Increment(ref count);
        return passage;
    }
}
