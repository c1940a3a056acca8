using System.Collections.Concurrent;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// Sixty-four clients guess passwords as fast as they are answered, from many networks of the kinds that are cheap to
/// have. Services verify tokens meanwhile, and people elsewhere sign in: on new devices, and on known ones.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class FloodSignIn(ITestOutputHelper output)
{
    private const int Clients = 64;
    private const int Guessed = 200;
    private const int People = 20;
    private const int SignIns = 100;
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Verified = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the guesses come from, by their number.</summary>
    private static readonly Dictionary<string, Func<int, string>> Networks = new()
    {
        ["one address"] = _ => "203.0.113.7",
        ["16 /64s of a home"] = n => $"2001:db8:0:{n % 16:x}::1",
        ["256 /64s of a /48"] = n => $"2001:db8:0:{n % 256:x}::1",
        ["24 /24s of as many /16s"] = n => $"{20 + (n % 24)}.1.1.1",
    };

    private readonly ConcurrentDictionary<string, int> _answers = new();
    private volatile bool _stopping;
    private int _guesses;

    public static TheoryData<string> Floods() => [.. Networks.Keys];

    [Theory, MemberData(nameof(Floods))]
    public async Task Tokens_are_verified_and_others_sign_in_while_a_flood_of_guesses_is_refused(string from)
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output, nameof(FloodSignIn), $"{Clients} clients of {from} guess the passwords of {Guessed} accounts");
        var portal = await drill.StartPortalAsync(server.ConnectionString, AsInProduction());
        var port = new Uri(portal.Url).Port;
        for (var person = 0; person < People; person++)
            SignUp(port, person);
        var device = await KnownDeviceAsync(portal);
        using var verifying = await Probe.OfVerificationAsync(portal);
        var (busy, before) = (await Machine.BusyAsync(), Machine.Resident(portal.ProcessId));
        drill.Say($"the machine is {busy:P0} busy before the flood; load {Machine.LoadAverage}");

        var flood = Enumerable.Range(0, Clients).Select(_ => new Thread(() => Guess(port, Networks[from]))).ToList();
        flood.ForEach(client => client.Start());
        var turn = 0;
        using var strangers = new Probe(() => SignIn(port, ++turn), TimeSpan.FromMilliseconds(300));
        using var known = new Probe(
            () => SignIn(port, 0, $"Cookie: {device}\r\nOrigin: {portal.Url}\r\n"), TimeSpan.FromMilliseconds(300));
        var most = before;
        for (var seconds = 0; Math.Min(strangers.Count, known.Count) < SignIns && seconds < 180; seconds++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            most = Math.Max(most, Machine.Resident(portal.ProcessId));
        }

        strangers.Stop();
        known.Stop();
        verifying.Stop();
        _stopping = true;
        flood.ForEach(client => client.Join());
        var kinds = _answers.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} × {kind.Value}");
        drill.Line("guesses", string.Join(", ", kinds));
        drill.Line("GET /api/me", $"{verifying}");
        drill.Line("strangers' sign-ins", $"{strangers.WellWithin(InTime)} of {strangers.Count} within 2 s: {strangers}");
        drill.Line("known devices' sign-ins", $"{known.WellWithin(InTime)} of {known.Count} within 2 s: {known}");
        drill.Line("memory", $"{before} MB before, {most} MB at most");
        drill.Line("machine", $"{busy:P0} busy before the flood; load {Machine.LoadAverage}");
        Assert.Empty(_answers.Keys.Except(["401", "429 Retry-After", "503 Retry-After"]));
        Assert.Equal(0, verifying.Failed);
        Assert.InRange(most, 0, before + 200);
        if (!Machine.IsQuiet(busy))
            return; // what share of it the portal had is anybody's guess: printed, not judged
        Assert.InRange(verifying.P99, TimeSpan.Zero, Verified);
        Assert.All(
            [strangers, known],
            each => Assert.InRange(each.WellWithin(InTime), each.Count * 95 / 100, each.Count));
    }

    /// <summary>Field report F7: twenty right passwords at once from one school's address.</summary>
    [Fact]
    public async Task A_class_behind_one_address_signs_in_all_at_once()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output, nameof(FloodSignIn), $"{People} people behind one address sign in at once");
        var portal = await drill.StartPortalAsync(server.ConnectionString, AsInProduction());
        var port = new Uri(portal.Url).Port;
        for (var person = 0; person < People; person++)
            SignUp(port, person);

        var replies = new ConcurrentBag<RawReply>();
        var pupils = Enumerable.Range(0, People).Select(person => new Thread(() =>
        {
            using var http = new RawHttp("127.0.0.1", port);
            replies.Add(http.Send(SignInAs(EmailOf(person), Api.Password, "X-Forwarded-For: 203.0.113.7\r\n")));
        })).ToList();
        pupils.ForEach(pupil => pupil.Start());
        pupils.ForEach(pupil => pupil.Join());

        drill.Line("answers", string.Join(", ", replies.GroupBy(reply => reply.Status).Select(g => $"{g.Key} × {g.Count()}")));
        drill.Line("the last after", $"{replies.Max(reply => reply.Took).TotalSeconds:0.0} s");
        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
    }

    /// <summary>Its own queue, its own cost; addresses are those that its proxy names.</summary>
    private static Dictionary<string, string?> AsInProduction() => new()
    {
        ["Passwords__QueueLimit"] = null,
        ["Passwords__Cost"] = null,
    };

    private void Guess(int port, Func<int, string> address)
    {
        using var http = new RawHttp("127.0.0.1", port);
        while (!_stopping)
        {
            // Whether they exist takes no part in it: every guess costs the same.
            var email = $"guessed{Random.Shared.Next(Guessed)}@example.com";
            var from = $"X-Forwarded-For: {address(Interlocked.Increment(ref _guesses))}\r\n";
            var reply = http.Send(SignInAs(email, $"wrong guess {Random.Shared.Next()}", from));
            var kind = reply.Status is { } status ? $"{status}" : "no answer";
            _answers.AddOrUpdate(reply.SaysWhenToComeBack ? $"{kind} Retry-After" : kind, 1, (_, count) => count + 1);
        }
    }

    /// <summary>The cookie of a browser that the first person has signed in with before.</summary>
    private static async Task<string> KnownDeviceAsync(PortalProcess portal)
    {
        using var http = portal.Client();
        using var signedIn = await http.SendAsync(
            HttpMethod.Post, "/api/auth/sign-in/email", bearer: null, new { email = EmailOf(0), password = Api.Password });
        return signedIn.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains(".known=")).Split(';')[0];
    }

    /// <summary>Each from an address of their own, as people do: no throttle takes them for one.</summary>
    private static RawReply SignIn(int port, int turn, string browser = "")
    {
        using var http = new RawHttp("127.0.0.1", port);
        var from = $"X-Forwarded-For: 100.{64 + (turn % 60)}.{turn % 250}.3\r\n{browser}";
        return http.Send(SignInAs(EmailOf(turn % People), Api.Password, from));
    }

    private static void SignUp(int port, int person)
    {
        using var http = new RawHttp("127.0.0.1", port);
        var reply = http.Send(RawHttp.Post(
            "/api/auth/sign-up/email",
            $$"""{"name":"Ada","email":"{{EmailOf(person)}}","password":"{{Api.Password}}"}""",
            $"X-Forwarded-For: 192.{person}.1.3\r\n"));
        Assert.Equal(200, reply.Status);
    }

    private static string EmailOf(int number) => $"person{number}@example.com";

    private static byte[] SignInAs(string email, string password, string headers) => RawHttp.Post(
        "/api/auth/sign-in/email", $$"""{"email":"{{email}}","password":"{{password}}"}""", headers);
}
