using System.Collections.Concurrent;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// A thousand addresses guess one person's password, a hundred thousand times. She signs in meanwhile, where she did
/// before.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class GuessPassword(ITestOutputHelper output)
{
    private const int Clients = 50;
    private const int AddressesEach = 20;
    private const int GuessesEach = 2000;
    private const int Budget = 10;
    private static readonly TimeSpan OneMoreEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, int> _answers = new();

    [Fact]
    public async Task No_more_than_the_budget_is_judged_and_the_owner_signs_in()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var drill = Drill.Begin(
            output,
            nameof(GuessPassword),
            $"{Clients * AddressesEach} addresses guess one person's password, {Clients * GuessesEach} times");
        var portal = await drill.StartPortalAsync(
            server.ConnectionString,
            new()
            {
                ["Proxy__Known__0"] = null,
                ["Proxy__Known__1"] = null,
                ["Throttling__HoldRefused"] = "00:00:00", // else it takes a quarter of an hour
            });
        var email = Api.NewEmail();
        using var owner = portal.Client();
        (await owner.SignUpAsync(email)).EnsureSuccessStatusCode();

        var begun = drill.Journal.Now;
        var guessing = Enumerable.Range(0, Clients).Select(n => Task.Factory.StartNew(
            () => Guess(new Uri(portal.Url).Port, email, n), TaskCreationOptions.LongRunning)).ToList();
        var (signedIn, refused) = (0, 0);
        while (!guessing.TrueForAll(client => client.IsCompleted))
        {
            using var response = await owner.SignInAsync(email);
            _ = response.IsSuccessStatusCode ? signedIn++ : refused++;
            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }

        await Task.WhenAll(guessing);
        var took = drill.Journal.Now - begun;
        var judged = await JudgedAsync(server.ConnectionString);
        drill.Line("guesses", string.Join(", ", _answers.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} × {kind.Value}")));
        drill.Line("time", $"{took.TotalSeconds:0} s, {Clients * GuessesEach / took.TotalSeconds:0} guesses a second");
        drill.Line("judged", $"{judged} reached bcrypt");
        drill.Line("the owner", $"signed in {signedIn} times, and was refused {refused} times");
        Assert.Empty(_answers.Keys.Except(["401", "429 Retry-After", "503 Retry-After"]));
        Assert.Equal(Clients * GuessesEach, _answers.Values.Sum());
        Assert.InRange(judged, 1, Budget + (int)(took / OneMoreEvery));
        Assert.Equal(judged, _answers["401"]);
        Assert.True(signedIn > 0);
        Assert.Equal(0, refused);
    }

    private void Guess(int port, string email, int client)
    {
        var addresses = Enumerable.Range(0, AddressesEach)
            .Select(n => new RawHttp($"127.2.{client}.{n + 1}", port)).ToList();
        for (var n = 0; n < GuessesEach; n++)
        {
            var reply = addresses[n % AddressesEach].Send(RawHttp.Post(
                "/api/auth/sign-in/email", $$"""{"email":"{{email}}","password":"wrong guess {{client}} {{n}}"}"""));
            var kind = reply.Status is { } status ? $"{status}" : "no answer";
            _answers.AddOrUpdate(reply.SaysWhenToComeBack ? $"{kind} Retry-After" : kind, 1, (_, count) => count + 1);
        }

        addresses.ForEach(address => address.Dispose());
    }

    private static async Task<int> JudgedAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand(
            "select count(*)::int from audit_events where type = 'sign-in-failed'");
        return (int)(await count.ExecuteScalarAsync())!;
    }
}
