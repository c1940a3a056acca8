using System.Net;
using System.Text;
using AuthPortal.Tests.Bench;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using AuthPortal.Tests.Tokens;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// Everybody has just been signed out, and services ask for the list of them, 120 at once and over and over while it
/// changes. Every second of them is slow to read it.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class AskForRevocations(ITestOutputHelper output)
{
    private const string Path = "/.well-known/revocations";
    private const int Revoked = 100_000;

    /// <summary>Of the container that the portal might run in. Three quarters of it .NET takes for its heap.</summary>
    private const int Megabytes = 512;

    private const int BytesOfEach = 50; // at least: an id in base64
    private const int Rounds = 20;
    private const int Services = 120;
    private const int SignatureLength = 86; // of ES256, in base64
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task However_many_ask_at_once_the_portal_lives_on_in_bounded_memory()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output,
            nameof(AskForRevocations),
            $"{Services} services ask at once for the list of {Revoked} revocations, {Rounds} times over");
        var portal = await drill.StartPortalAsync(
            server.ConnectionString, new() { ["DOTNET_GCHeapHardLimit"] = $"0x{Megabytes * 3 / 4 << 20:x}" });
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = new Uri(portal.Url),
        };
        var tokens = new List<string>();
        while (tokens.Count < Rounds)
            tokens.Add(await (await http.SignUpAsync(Api.NewEmail())).EnsureSuccessStatusCode().TextAsync("token"));
        var (busy, before) = (await Machine.BusyAsync(), Machine.Resident(portal.ProcessId));
        drill.Say($"the portal holds {before} MB; the machine is {busy:P0} busy");

        await SignEverybodyOutAsync(server.ConnectionString);
        var size = await Eventually.SeeAsync(
            "a list of everybody",
            async () => (await http.GetByteArrayAsync(Path)).Length,
            length => length > Revoked * BytesOfEach);
        var withThem = Machine.Resident(portal.ProcessId);
        drill.Say($"the list has {size / 1000} KB; the portal holds {withThem} MB");

        using var asking = new RawHttp("127.0.0.1", new Uri(portal.Url).Port);
        using var live = new Probe(() => asking.Send(RawHttp.Get("/healthz/live")), TimeSpan.FromMilliseconds(20));
        var (began, signatures) = (drill.Journal.Now, new HashSet<string>());
        foreach (var token in tokens)
        {
            (await http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", token)).EnsureSuccessStatusCode();
            var asked = drill.Journal.Now;
            signatures.UnionWith(await Task.WhenAll(
                Enumerable.Range(0, Services).Select(n => SignatureAsync(http, isSlow: n % 2 == 0))));
            drill.Say($"all had the list after {Journal.Seconds(drill.Journal.Now - asked)}; "
                + $"the portal holds {Machine.Resident(portal.ProcessId)} MB");
        }

        var took = drill.Journal.Now - began;
        await Task.Delay(TimeSpan.FromSeconds(1.1)); // by then another list may be signed
        var (unsigned, cost) = await AskAgainAsync(http, portal, tokens);
        live.Stop();
        var most = Machine.Resident(portal.ProcessId, "VmHWM");
        drill.Line("memory", $"{before} MB before, {withThem} MB with the revocations, {most} MB at most, "
            + $"{Machine.Resident(portal.ProcessId)} MB afterwards");
        drill.Line("GET /healthz/live", $"{live}");
        drill.Line("signatures", $"{signatures.Count} for {Rounds * Services} requests in {Journal.Seconds(took)}");
        drill.Line("  for conditional requests", $"{unsigned}; {Services} cost {cost.TotalMilliseconds:0} ms");
        drill.Line("machine", $"{busy:P0} busy before; load {Machine.LoadAverage}");
        Assert.Equal(0, live.Failed);
        Assert.InRange(signatures.Count, 2, (int)took.TotalSeconds + 2); // once a second, and the one from before
        Assert.Equal(0, unsigned);
        Assert.InRange(most, 0, Megabytes);
        if (Machine.IsQuiet(busy))
            Assert.InRange(live.Slowest, TimeSpan.Zero, Alive);
    }

    /// <summary>As <c>RevocationStore.AddEverybodyAsync</c> would, with people who are made up.</summary>
    private static async Task SignEverybodyOutAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            $"""
            insert into revocations (id, kind, user_id, below_version, at, expires_at)
            select gen_random_uuid(), 'user', gen_random_uuid(), 1, clock_timestamp(), now() + interval '30 days'
              from generate_series(1, {Revoked})
            """);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>An ES256 signature differs each time, so it tells one list that was signed from another.</summary>
    private static async Task<string> SignatureAsync(HttpClient http, bool isSlow)
    {
        using var answer = await http.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        if (isSlow)
            await Task.Delay(Slowness);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (piece, end) = (new byte[64 * 1024], Array.Empty<byte>());
        for (int read; (read = await body.ReadAsync(piece)) > 0;)
            end = Last(SignatureLength, [.. end, .. Last(SignatureLength, piece[..read])]);
        return Encoding.ASCII.GetString(end);
    }

    private static byte[] Last(int count, byte[] bytes) => bytes[^Math.Min(count, bytes.Length)..];

    /// <summary>The services ask whether anything has changed since they asked last, which it has not.</summary>
    /// <returns>How many lists were signed for that, and what it cost the portal.</returns>
    private static async Task<(int Signed, TimeSpan Cost)> AskAgainAsync(
        HttpClient http, PortalProcess portal, List<string> tokens)
    {
        using var first = await http.GetAsync(Path);
        var list = await first.Content.ReadAsStringAsync();
        var ended = Forge.Read(list)["sessions"]!.AsArray().Select(sid => $"{sid}").ToHashSet();
        Assert.All(tokens, token => Assert.Contains($"{Forge.Read(token)["sid"]}", ended));

        var before = Wrk.CpuOf([portal.ProcessId]);
        var answers = await Task.WhenAll(Enumerable.Range(0, Services).Select(_ => http.SendAsync(
            Visit.Request(HttpMethod.Get, Path, ("If-None-Match", $"{first.Headers.ETag}")))));
        var cost = Wrk.CpuOf([portal.ProcessId]) - before;

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode));
        return (await SignatureAsync(http, isSlow: false) == list[^SignatureLength..] ? 0 : 1, cost);
    }
}
