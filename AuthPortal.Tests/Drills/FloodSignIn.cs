using System.Collections.Concurrent;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// Sixty-four clients of one address guess passwords as fast as they are answered. Services verify tokens meanwhile,
/// and people elsewhere sign in.
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

    private readonly ConcurrentDictionary<string, int> _answers = new();
    private volatile bool _stopping;

    [Fact]
    public async Task Tokens_are_verified_and_others_sign_in_while_a_flood_of_guesses_is_refused()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output, nameof(FloodSignIn), $"{Clients} clients of 127.0.0.2 guess the passwords of {Guessed} accounts");
        var portal = await drill.StartPortalAsync(server.ConnectionString, AsInProduction());
        var port = new Uri(portal.Url).Port;
        for (var person = 0; person < People; person++)
            SignUp(port, person);
        using var verifying = await Probe.OfVerificationAsync(portal);
        var (busy, before) = (await Machine.BusyAsync(), Machine.Resident(portal.ProcessId));
        drill.Say($"the machine is {busy:P0} busy before the flood; load {Machine.LoadAverage}");

        var flood = Enumerable.Range(0, Clients).Select(_ => new Thread(() => Guess(port))).ToList();
        flood.ForEach(client => client.Start());
        await Task.Delay(TimeSpan.FromSeconds(2));
        var turn = 0;
        using var others = new Probe(() => SignIn(port, turn++), TimeSpan.FromMilliseconds(300));
        var most = before;
        for (var seconds = 0; others.Count < SignIns && seconds < 180; seconds++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            most = Math.Max(most, Machine.Resident(portal.ProcessId));
        }

        others.Stop();
        verifying.Stop();
        _stopping = true;
        flood.ForEach(client => client.Join());
        var inTime = others.WellWithin(InTime);
        drill.Line("guesses", string.Join(", ", _answers.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} × {kind.Value}")));
        drill.Line("GET /api/me", $"{verifying}");
        drill.Line("sign-ins from elsewhere", $"{inTime} of {others.Count} within 2 s: {others}");
        drill.Line("memory", $"{before} MB before, {most} MB at most");
        drill.Line("machine", $"{busy:P0} busy before the flood; load {Machine.LoadAverage}");
        Assert.Empty(_answers.Keys.Except(["401", "429 Retry-After", "503 Retry-After"]));
        Assert.Equal(0, verifying.Failed);
        Assert.InRange(most, 0, before + 200);
        if (!Machine.IsQuiet(busy))
            return; // what share of it the portal had is anybody's guess: printed, not judged
        Assert.InRange(verifying.P99, TimeSpan.Zero, Verified);
        Assert.InRange(inTime, others.Count * 95 / 100, others.Count);
    }

    /// <summary>Its own queue, its own cost; and addresses are those of the connections.</summary>
    private static Dictionary<string, string?> AsInProduction() => new()
    {
        ["Proxy__Known__0"] = null,
        ["Proxy__Known__1"] = null,
        ["Passwords__QueueLimit"] = null,
        ["Passwords__Cost"] = null,
    };

    private void Guess(int port)
    {
        using var http = new RawHttp("127.0.0.2", port);
        while (!_stopping)
        {
            // Whether they exist takes no part in it: every guess costs the same.
            var email = $"guessed{Random.Shared.Next(Guessed)}@example.com";
            var reply = http.Send(SignInAs(email, $"wrong guess {Random.Shared.Next()}"));
            var kind = reply.Status is { } status ? $"{status}" : "no answer";
            _answers.AddOrUpdate(reply.SaysWhenToComeBack ? $"{kind} Retry-After" : kind, 1, (_, count) => count + 1);
        }
    }

    /// <summary>Each from an address of their own, as people do: no throttle takes them for one.</summary>
    private static RawReply SignIn(int port, int turn)
    {
        using var http = new RawHttp($"127.0.{turn % 250}.3", port);
        return http.Send(SignInAs(EmailOf(turn % People), Api.Password));
    }

    private static void SignUp(int port, int person)
    {
        using var http = new RawHttp($"127.1.{person}.3", port);
        var reply = http.Send(RawHttp.Post(
            "/api/auth/sign-up/email",
            $$"""{"name":"Ada","email":"{{EmailOf(person)}}","password":"{{Api.Password}}"}"""));
        Assert.Equal(200, reply.Status);
    }

    private static string EmailOf(int number) => $"person{number}@example.com";

    private static byte[] SignInAs(string email, string password) =>
        RawHttp.Post("/api/auth/sign-in/email", $$"""{"email":"{{email}}","password":"{{password}}"}""");
}
