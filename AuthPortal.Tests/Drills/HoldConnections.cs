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

    [Fact]
    public async Task Ten_thousand_requests_that_never_end_leave_the_portal_at_everybody_elses_service()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output, nameof(HoldConnections), $"{Count} connections, each with half a request on it");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        var port = new Uri(portal.Url).Port;
        using var probe = await Probe.OfVerificationAsync(portal);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var before = Machine.Resident(portal.ProcessId);
        var held = new List<Socket>();
        try
        {
            var opening = Stopwatch.StartNew();
            while (held.Count < Count)
                held.Add(HalfARequest(port));
            drill.Say($"{held.Count} are open after {Journal.Seconds(opening.Elapsed)}; load {Machine.LoadAverage}");
            await Task.Delay(TimeSpan.FromSeconds(20));
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }

        var most = Machine.Resident(portal.ProcessId);
        drill.Say("all are let go");
        await Task.Delay(TimeSpan.FromSeconds(20));
        probe.Stop();
        drill.Line("GET /api/me", $"{probe}");
        drill.Line("memory", $"{before} MB before, {most} MB with them, {Machine.Resident(portal.ProcessId)} MB 20 s after");
        drill.Line("machine", $"load {Machine.LoadAverage}");
        Assert.Equal(0, probe.Failed);
        Assert.InRange(most, 0, before + 200);
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
