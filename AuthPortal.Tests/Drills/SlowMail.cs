using System.Collections.Concurrent;
using System.Net;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>
/// The mail server takes two seconds for each letter, and somebody who is signed in causes as many letters and events
/// as they may. Others ask for a new password meanwhile, and wait for its link.
/// </summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SlowMail(ITestOutputHelper output)
{
    private const int Strangers = 5;
    private const int LettersAtOnce = 20; // the budget LettersByPerson
    private const int ChangesAtOnce = 100; // ChangesByPerson
    private const int AddressesAtOnce = 5; // MailByAccount
    private static readonly TimeSpan OneMoreLetterEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneMoreChangeEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EachTakes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenStrangers = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenActs = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<string, TimeSpan> _taken = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private volatile bool _stopping;

    [Fact]
    public async Task A_strangers_link_leaves_within_ten_seconds_whatever_one_person_causes()
    {
        await using var server = await PrivateServer.StartAsync();
        await using var sink = SmtpSink.Start();
        await using var drill = Drill.Begin(
            output, nameof(SlowMail), $"the mail server takes {Journal.Seconds(EachTakes)} for each letter, "
            + "and one person causes as many as they may");
        var portal = await StartAsync(drill, server, sink);
        using var person = From("203.0.113.7", portal);
        var email = Api.NewEmail();
        (await person.SignUpAsync(email)).EnsureSuccessStatusCode();
        var strangers = Enumerable.Range(0, Strangers).Select(_ => Api.NewEmail()).ToList();
        using var strangersHttp = From("198.51.100.7", portal);
        foreach (var stranger in strangers)
            (await strangersHttp.SignUpAsync(stranger)).EnsureSuccessStatusCode();
        using var probe = await Probe.OfVerificationAsync(portal);
        Assert.True(await IsDeliveredAsync(server)); // what greets them all
        sink.Received.Clear();
        sink.Gate = async mail =>
        {
            await Task.Delay(EachTakes);
            _taken.TryAdd(mail.Recipients.Single(), drill.Journal.Now);
        };

        var began = drill.Journal.Now;
        await CauseLettersAsync(drill, person, portal.Url);
        var causing = CauseMoreAsync(person, portal.Url);
        var waits = new List<TimeSpan>();
        foreach (var stranger in strangers)
        {
            waits.Add(await WaitForLinkAsync(drill, strangersHttp, stranger));
            await Task.Delay(BetweenStrangers);
        }

        _stopping = true;
        await causing;
        probe.Stop();
        var took = drill.Journal.Now - began;
        var events = await EventsOfAsync(server, email);
        drill.Say($"{await WaitingAsync(server)} letters wait");
        Assert.True(await IsDeliveredAsync(server));
        var letters = sink.Received.Count - Strangers;
        drill.Line("a link was with the server after", string.Join(", ", waits.Select(Journal.Seconds)));
        var acts = _answers.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} × {kind.Value}");
        drill.Line("the person's acts", $"{string.Join(", ", acts)} in {Journal.Seconds(took)}");
        drill.Line("  letters", $"{letters}");
        drill.Line("  events", $"{events}");
        drill.Line("GET /api/me", $"{probe}");
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, InTime));
        var most = LettersAtOnce + AddressesAtOnce + (int)(took / OneMoreLetterEvery) + 1;
        Assert.InRange(letters, LettersAtOnce + AddressesAtOnce, most);
        Assert.InRange(events, ChangesAtOnce, ChangesAtOnce + 1 + (int)(took / OneMoreChangeEvery));
        Assert.Equal(0, probe.Failed);
        Assert.DoesNotContain(_answers.Keys, kind => !kind.EndsWith("200", StringComparison.Ordinal)
            && !kind.EndsWith("429", StringComparison.Ordinal));
    }

    /// <summary>With mail as an operator sets it up who says nothing of its times.</summary>
    private static Task<PortalProcess> StartAsync(Drill drill, PrivateServer server, SmtpSink sink)
    {
        var settings = sink.Settings("__");
        settings["Mail__Timeout"] = null;
        settings["Mail__PollEvery"] = null;
        return drill.StartPortalAsync(server.ConnectionString, settings);
    }

    /// <summary>As many as there may be at once: such as tell of a passkey, then links to other addresses.</summary>
    private async Task CauseLettersAsync(Drill drill, HttpClient person, string url)
    {
        for (var n = 0; n < LettersAtOnce - AddressesAtOnce; n++)
            Assert.Equal(HttpStatusCode.OK, await AddPasskeyAsync(person, url));
        for (var n = 0; n < AddressesAtOnce; n++)
            Assert.Equal(HttpStatusCode.OK, await ActAsync("change-email", person, new { newEmail = Api.NewEmail() }));
        drill.Say($"{LettersAtOnce} letters and {AddressesAtOnce} links were caused");
    }

    /// <summary>Whatever else they may, as often as they are let.</summary>
    private async Task CauseMoreAsync(HttpClient person, string url)
    {
        for (var n = 0; !_stopping; n++)
        {
            await Task.Delay(BetweenActs);
            await ActAsync("update-user", person, new { name = $"Ada {n}" });
            if (n % 20 == 0)
            {
                await ActAsync("change-email", person, new { newEmail = Api.NewEmail() });
                await AddPasskeyAsync(person, url);
            }
        }
    }

    private Task<HttpStatusCode> AddPasskeyAsync(HttpClient person, string url) => NoteAsync("passkeys", async () =>
    {
        using var options = await person.GetAsync("/api/auth/passkey/generate-register-options");
        if (!options.IsSuccessStatusCode)
            return options.StatusCode;
        var authenticator = new SoftwareAuthenticator { Origin = url, RelyingParty = new Uri(url).Host };
        var response = authenticator.Create(await options.JsonAsync());
        using var added = await person.PasskeyAsync("verify-registration", new { response });
        return added.StatusCode;
    });

    private Task<HttpStatusCode> ActAsync(string act, HttpClient person, object body) => NoteAsync(act, async () =>
    {
        using var answer = await person.PostAsync($"/api/auth/{act}", body);
        return answer.StatusCode;
    });

    private async Task<HttpStatusCode> NoteAsync(string what, Func<Task<HttpStatusCode>> act)
    {
        var status = await act();
        _answers.AddOrUpdate($"{what} {(int)status}", 1, (_, count) => count + 1);
        return status;
    }

    /// <returns>How long it took from asking until the mail server had it.</returns>
    private async Task<TimeSpan> WaitForLinkAsync(Drill drill, HttpClient http, string stranger)
    {
        var asked = drill.Journal.Now;
        using var answer = await http.PostAsync("/api/auth/request-password-reset", new { email = stranger });
        answer.EnsureSuccessStatusCode();
        await Eventually.SeeAsync("a link to a new password", () => _taken.ContainsKey(stranger), found => found);
        var took = _taken[stranger] - asked;
        drill.Say($"the server had a stranger's link {Journal.Seconds(took)} after it was asked for");
        return took;
    }

    private static HttpClient From(string address, PortalProcess portal)
    {
        var http = portal.Client();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return http;
    }

    private static Task<bool> IsDeliveredAsync(PrivateServer server) =>
        Eventually.IsTrueAsync(async () => await WaitingAsync(server) == 0, TimeSpan.FromMinutes(3));

    private static Task<int> WaitingAsync(PrivateServer server) =>
        CountAsync(server, "select count(*)::int from outbox");

    /// <returns>How many events of what they did are on record.</returns>
    private static Task<int> EventsOfAsync(PrivateServer server, string email) => CountAsync(
        server,
        """
        select count(*)::int
          from audit_events
          join audit_details using (seq)
          join users on users.id = user_id
         where users.email = @email and type not in ('sign-up', 'sign-in', 'throttled')
        """,
        email);

    private static async Task<int> CountAsync(PrivateServer server, string sql, string email = "")
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue("email", email);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
