using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>The database is in another region: every piece takes 50 ms there and 50 ms back.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SlowWire(ITestOutputHelper output)
{
    private const int Times = 10;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Far_from_its_database_the_portal_asks_it_seldom()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var wire = TcpProxy.To(server.Port);
        await using var drill = Drill.Begin(
            output, nameof(SlowWire), "every piece between the portal and PostgreSQL takes 50 ms in either direction");
        // Only what is counted may speak.
        var portal = await drill.StartPortalAsync(wire.Through(server.ConnectionString), new()
        {
            ["Revocations__PollEvery"] = "01:00:00",
        });
        using var caller = drill.Caller(portal.Url);
        var who = new Account(0);
        var session = (await caller.SignUpAsync(who)).Held("token");
        who.Id = Guid.Parse(new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(session.Access).Subject);
        var signIn = () => caller.SignInAsync(who, who.Password);

        var near = await MeasureAsync(drill, wire, signIn);
        wire.Delay = Delay;
        await signIn();
        drill.Say("each piece takes 50 ms now");
        foreach (var (name, act) in new (string, Func<Task<Reply>>)[]
        {
            ("GET /api/me", () => caller.VerifyAsync(who, session.Access)),
            ("a renewal", () => caller.RenewAsync(who, session.Refresh)),
            ("a sign-in", signIn),
        })
        {
            var (took, trips) = await MeasureAsync(drill, wire, act);
            drill.Say($"{name}: {trips:0.0} round trips, the median of {Times} {Journal.Seconds(took)}");
            if (act == signIn)
            {
                drill.Say($"(near its database a sign-in takes {Journal.Seconds(near.Took)}: "
                    + $"{Journal.Seconds(took - near.Took)} are the way; demanded: 3 round trips, 0.30 s)");
            }
        }

        await drill.StartLoadAsync(portal.Url);
        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }

    /// <returns>The median time, and how many round trips each took.</returns>
    private static async Task<(TimeSpan Took, double Trips)> MeasureAsync(
        Drill drill, TcpProxy wire, Func<Task<Reply>> act)
    {
        var times = new List<TimeSpan>();
        var before = wire.RoundTrips;
        for (var i = 0; i < Times; i++)
        {
            var asked = drill.Journal.Now;
            Assert.True((await act()).IsOk);
            times.Add(drill.Journal.Now - asked);
        }

        return (times.Order().ElementAt(Times / 2), (wire.RoundTrips - before) / (double)Times);
    }
}
