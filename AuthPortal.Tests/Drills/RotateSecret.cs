using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// The secret that all keys are derived from is changed while people are signed in: two instances behind nginx restart
/// in turn with <c>1:old,2:new</c>, then <c>2:new,1:old</c>, then <c>2:new</c>.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class RotateSecret(ITestOutputHelper output) : IDisposable
{
    private const string Old = Portal.Secret;
    private const string New = "pQ4wZt8sVb2nXk6mJr9cHy3gFd7aLe5u";
    private const int People = 12;
    private static readonly TimeSpan BetweenQuestions = TimeSpan.FromMilliseconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private volatile bool _stopping;

    [DrillFact(Nginx.Binary, Nginx.Package)]
    public async Task Nobody_notices_until_the_old_secret_is_dropped_and_then_only_what_it_alone_made()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var sink = SmtpSink.Start();
        await using var drill = Drill.Begin(
            output, nameof(RotateSecret), $"two portals behind nginx get a new secret in three steps, {People} people signed in");
        await using var fleet = await Fleet.StartAsync(drill, server.ConnectionString, sink.Settings("__"));
        _http.BaseAddress = new Uri(fleet.Url);
        using var caller = new Caller(fleet.Url, drill.Journal, drill.Ledger);
        var people = Enumerable.Range(0, People).Select(_ => ActAsync(caller, new Account(Random.Shared.Next(60_000)))).ToList();
        var (left, untouched) = await EnterAsync(caller, 70_000);
        var links = await AskForLinksAsync(sink, caller, 3);

        await StepAsync(drill, fleet, $"1:{Old},2:{New}", "1:old,2:new");
        Assert.Equal(200, await OpenAsync(links[0]));
        Assert.True((await caller.RenewAsync(left, untouched.Refresh)).IsOk);
        await StepAsync(drill, fleet, $"2:{New},1:{Old}", "2:new,1:old");
        Assert.Equal(200, await OpenAsync(links[1]));
        Assert.True((await caller.RenewAsync(left, untouched.Refresh)).IsOk);
        var later = await AskForLinksAsync(sink, caller, 1);
        await Task.Delay(TimeSpan.FromSeconds(3)); // each has renewed since: what they hold is the new secret's
        var survivors = drill.Ledger.Answers.Count;

        await StepAsync(drill, fleet, $"2:{New}", "2:new");
        _stopping = true;
        await Task.WhenAll(people);
        drill.Line("answers", drill.Ledger.ByStatus());
        drill.Line("  since the last step", $"{drill.Ledger.Answers.Count - survivors}");
        Assert.DoesNotContain(drill.Ledger.Answers, answer => answer.Status != 200);
        Assert.Empty(drill.Ledger.Wrongs);

        Assert.Equal(200, await OpenAsync(later[0]));
        Assert.Equal(400, await OpenAsync(links[2]));
        Assert.Equal(401, (await caller.VerifyAsync(left, untouched.Access)).Status);
        Assert.Equal(401, (await caller.RenewAsync(left, untouched.Refresh)).Status);
        drill.Line("what only the old secret made", "a session, its renewal and a mailed link: refused after the last step");
    }

    public void Dispose() => _http.Dispose();

    private static async Task StepAsync(Drill drill, Fleet fleet, string secrets, string inWords)
    {
        fleet.Settings["BETTER_AUTH_SECRET"] = null;
        fleet.Settings["BETTER_AUTH_SECRETS"] = secrets;
        drill.Say($"STEP: {inWords}");
        await fleet.RestartInTurnAsync();
    }

    /// <summary>Signs up, then asks who they are and renews, over and over; every answer must be 200.</summary>
    private async Task ActAsync(Caller caller, Account who)
    {
        var session = (await caller.SignUpAsync(who)) is { IsOk: true } reply ? Enter(who, reply) : null;
        for (var turn = 0; session is not null && !_stopping; turn++)
        {
            await caller.VerifyAsync(who, session.Access);
            if (turn % 10 == 9 && await caller.RenewAsync(who, session.Refresh) is { IsOk: true } renewed)
                session = new Held(renewed.Text("token")!, renewed.Text("refreshToken")!);
            await Task.Delay(BetweenQuestions);
        }
    }

    private static async Task<(Account Who, Held Session)> EnterAsync(Caller caller, int number)
    {
        var who = new Account(number);
        return (who, Enter(who, await caller.SignUpAsync(who)));
    }

    private static Held Enter(Account who, Reply reply)
    {
        who.Id = Guid.Parse(reply.Body!["user"]!["id"]!.GetValue<string>());
        return reply.Held("token");
    }

    /// <returns>Links to a new password, each of somebody else.</returns>
    private async Task<List<string>> AskForLinksAsync(SmtpSink sink, Caller caller, int count)
    {
        var links = new List<string>();
        for (var number = 0; number < count; number++)
        {
            var (who, _) = await EnterAsync(caller, Random.Shared.Next(80_000, 90_000));
            (await _http.PostAsync("/api/auth/request-password-reset", new { who.Email })).EnsureSuccessStatusCode();
            Assert.True(await Eventually.IsTrueAsync(
                () => Task.FromResult(LinkIn(sink, who.Email) is not null), TimeSpan.FromSeconds(20)));
            links.Add(LinkIn(sink, who.Email)!);
        }

        return links;
    }

    /// <returns>Null while no letter has one; who just signed up gets another letter too.</returns>
    private static string? LinkIn(SmtpSink sink, string email) => sink.Received
        .Where(mail => mail.Recipients.Contains(email))
        .SelectMany(mail => mail.Message.TextBody!.ReplaceLineEndings("\n").Split('\n'))
        .FirstOrDefault(line => line.Contains("/reset-password", StringComparison.Ordinal));

    private async Task<int> OpenAsync(string link) => (int)(await _http.GetAsync(link)).StatusCode;
}
