using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// A serverless PostgreSQL (Neon) has gone to sleep: it has dropped every connection, and whoever comes first wakes it
/// and waits five seconds with all who come meanwhile.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SleepingPostgres(ITestOutputHelper output)
{
    private static readonly TimeSpan Waking = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Who_wakes_the_database_waits_for_it_and_is_served()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var wire = TcpProxy.To(server.Port);
        await using var drill = Drill.Begin(
            output, nameof(SleepingPostgres), "the first connection takes 5 s, as that which wakes Neon");
        // Nothing but visitors may wake it.
        var portal = await drill.StartPortalAsync(wire.Through(server.ConnectionString), new()
        {
            ["Revocations__RestAfter"] = "00:00:01",
        });
        using var caller = drill.Caller(portal.Url);
        var (who, _) = await caller.EnterAsync(new Account(900));
        var awake = await SignInAsync(drill, caller, who);
        drill.Say($"awake, a sign-in takes {Journal.Seconds(awake)}");

        for (var round = 1; round <= 3; round++)
        {
            var woken = FallAsleep(wire);
            drill.Say("asleep: every connection is cut");
            var took = await SignInAsync(drill, caller, who);
            Assert.True(woken.IsValueCreated);
            drill.Say($"a sign-in that woke it took {Journal.Seconds(took)}: "
                + $"{Journal.Seconds(took - Waking - awake)} beyond the waking and its own time (demanded: 1 s)");
        }

        await drill.StartLoadAsync(portal.Url);
        drill.Broken("asleep under load: every connection is cut, and the next takes 5 s");
        await FallAsleep(wire).Value;
        await drill.WholeAgainAsync("awake");
        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }

    private static Lazy<Task> FallAsleep(TcpProxy wire)
    {
        var woken = new Lazy<Task>(() => Task.Delay(Waking));
        wire.Gate = () => woken.Value;
        wire.CutAll();
        return woken;
    }

    private static async Task<TimeSpan> SignInAsync(Drill drill, Caller caller, Account who)
    {
        var asked = drill.Journal.Now;
        Assert.True((await caller.SignInAsync(who, who.Password)).IsOk);
        return drill.Journal.Now - asked;
    }
}
