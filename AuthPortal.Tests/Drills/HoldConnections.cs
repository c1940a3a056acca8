using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>Many connections that say little, and some that say it slowly, hold the portal's places.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class HoldConnections(ITestOutputHelper output)
{
    private const string SlowHttpTest = "/usr/bin/slowhttptest";
    private const int Count = 10_000;
    private const int Waves = 3;
    private static readonly TimeSpan Verified = TimeSpan.FromMilliseconds(150);

    [Fact]
    public async Task Ten_thousand_requests_that_never_end_leave_the_portal_at_everybody_elses_service()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output, nameof(HoldConnections), $"{Count} connections, each with half a request on it, {Waves} times over");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        using var probe = await Probe.OfVerificationAsync(portal);
        var busy = await Machine.BusyAsync();
        var before = Machine.Resident(portal.ProcessId);
        var most = new List<int>();
        for (var wave = 0; wave < Waves; wave++)
            most.Add(await HoldAsync(drill, portal));
        await Task.Delay(TimeSpan.FromSeconds(30));
        probe.Stop();
        drill.Line("GET /api/me", $"{probe}");
        drill.Line("memory", $"{before} MB before, {string.Join(", ", most)} MB with them, "
            + $"{Machine.Resident(portal.ProcessId)} MB 30 s after");
        drill.Line("machine", $"{busy:P0} busy before; load {Machine.LoadAverage}");
        Assert.Equal(0, probe.Failed);
        Assert.InRange(most[0], 0, before + 200);
        Assert.InRange(most[^1], 0, most[0] + 100);
        if (Machine.IsQuiet(busy))
            Assert.InRange(probe.P99, TimeSpan.Zero, Verified);
    }

    /// <returns>What the portal holds in memory while it holds them, in megabytes.</returns>
    private static async Task<int> HoldAsync(Drill drill, PortalProcess portal)
    {
        var held = new List<Socket>();
        try
        {
            var opening = Stopwatch.StartNew();
            while (held.Count < Count)
                held.Add(HalfARequest(new Uri(portal.Url).Port));
            drill.Say($"{held.Count} are open after {Journal.Seconds(opening.Elapsed)}; load {Machine.LoadAverage}");
            var most = Machine.Resident(portal.ProcessId);
            var answer = new byte[12];
            await held[^1].ReceiveAsync(answer);
            drill.Say($"the last was told {Encoding.ASCII.GetString(answer)} after {Journal.Seconds(opening.Elapsed)}");
            return Math.Max(most, Machine.Resident(portal.ProcessId));
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    [DrillFact(SlowHttpTest, "slowhttptest")]
    public async Task Slow_heads_slow_bodies_and_slow_readers_keep_nobody_out()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output, nameof(HoldConnections), "slowhttptest with 4,000 slow heads, bodies and readers");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        var before = Machine.Resident(portal.ProcessId);
        foreach (var (what, arguments) in ((string, string)[])
            [
                ("heads (-H)", $"-H -i 5 -t GET -x 24 -u {portal.Url}/sign-in"),
                ("bodies (-B)", $"-B -i 5 -s 8192 -t POST -x 24 -u {portal.Url}/sign-in"),
                ("readers (-X)", $"-X -w 512 -y 1024 -n 5 -z 32 -k 3 -u {portal.Url}/sign-in"),
            ])
        {
            using var probe = await Probe.OfVerificationAsync(portal);
            using var visitor = new RawHttp("127.0.0.4", new Uri(portal.Url).Port);
            using var page = new Probe(() => visitor.Send(RawHttp.Get("/sign-in")), TimeSpan.FromMilliseconds(100));
            using var attack = Process.Start(
                new ProcessStartInfo(SlowHttpTest, $"-c 4000 -r 500 -p 3 -l 25 {arguments}") { RedirectStandardOutput = true })!;
            await attack.StandardOutput.ReadToEndAsync();
            await attack.WaitForExitAsync();
            probe.Stop();
            page.Stop();
            drill.Line($"slow {what}", $"GET /api/me {probe}");
            drill.Line("", $"GET /sign-in {page}; {Machine.Resident(portal.ProcessId)} MB; load {Machine.LoadAverage}");
            Assert.Equal((0, 0), (probe.Failed, page.Failed));
        }

        Assert.InRange(Machine.Resident(portal.ProcessId), 0, before + 300);
    }

    private static Socket HalfARequest(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(Encoding.ASCII.GetBytes("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Len"));
        return socket;
    }
}
