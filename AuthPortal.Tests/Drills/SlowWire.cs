using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>The database is in another region: every piece takes 50 ms there and 50 ms back.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SlowWire(ITestOutputHelper output)
{
    private const int People = 10;

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
        var people = new List<(Account Who, Held Session)>();
        for (var i = 0; i < People; i++)
            people.Add(await caller.EnterAsync(new Account(900 + i)));

        var near = await SignInAsync();
        wire.Delay = Delay;
        await SignInAsync();   // so that its connections are open
        drill.Say("each piece takes 50 ms now");
        await MeasureAsync("GET /api/me", (who, session) => caller.VerifyAsync(who, session.Access));
        await MeasureAsync("a renewal", (who, session) => caller.RenewAsync(who, session.Refresh));
        var far = await SignInAsync();
        drill.Say($"of a sign-in's time {Journal.Seconds(far - near)} are the way, {(far - near) / (2 * Delay):0.0} round "
            + "trips (demanded: 3)");

        await drill.StartLoadAsync(portal.Url);
        await drill.ReckonAsync(server.ConnectionString, portal.Url);

        Task<TimeSpan> SignInAsync() => MeasureAsync("a sign-in", (who, _) => caller.SignInAsync(who, who.Password));

        async Task<TimeSpan> MeasureAsync(string what, Func<Account, Held, Task<Reply>> act)
        {
            var times = new List<TimeSpan>();
            var before = wire.RoundTrips;
            foreach (var (who, session) in people)
            {
                var asked = drill.Journal.Now;
                Assert.True((await act(who, session)).IsOk);
                times.Add(drill.Journal.Now - asked);
            }

            // The quickest: a busy machine adds to all, and what it adds to that one is the least.
            drill.Say($"{what}: {Journal.Seconds(times.Min())}, the quickest of {People}; on the wire, with what follows "
                + $"the answer, {(wire.RoundTrips - before) / (double)People:0.0} round trips each");
            return times.Min();
        }
    }
}
