using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>The mail server misbehaves in every way it knows, and the portal is stopped and killed meanwhile.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class SilenceMail(ITestOutputHelper output)
{
    private const int PeopleEach = 10;
    private static readonly TimeSpan MailTimeout = TimeSpan.FromSeconds(10);

    private readonly int _port = LoopbackPort.TakeForGood();
    /// <summary>Whom two letters are owed: the one that greets them, and the one they asked for.</summary>
    private readonly List<string> _people = [];
    private int _asked;

    private int Owed => 2 * _people.Count;

    [Fact]
    public async Task No_answer_waits_for_the_mail_server_and_no_mail_is_lost()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(SilenceMail), "the mail server is silent, refuses, drops; SIGTERM and kill -9 meanwhile");
        var portal = await StartAsync(drill, server);
        using var probe = await Probe.OfVerificationAsync(portal);
        using var silence = new TcpListener(IPAddress.Loopback, _port);
        silence.Start();

        await AskAsync(drill, portal, "accepts and says nothing");
        probe.Stop();
        Assert.InRange((await drill.TerminateAsync(portal)).TotalSeconds, 0, 10);
        await TellOwedAsync(drill, server, "after SIGTERM");
        portal = await StartAsync(drill, server);
        await AskAsync(drill, portal, "still says nothing, to a portal started since");
        await drill.KillAsync(portal);
        await TellOwedAsync(drill, server, "after kill -9");

        silence.Stop();
        portal = await StartAsync(drill, server);
        await AskAsync(drill, portal, "refuses every connection");
        await using var sink = SmtpSink.Start(_port);
        foreach (var fault in (SmtpFault[])[SmtpFault.RefuseForNow, SmtpFault.DropBeforeData])
        {
            for (var mail = 0; mail < 40; mail++)
                sink.Faults.Enqueue(fault);
            await AskAsync(drill, portal, $"does this to every mail: {fault}");
            sink.Faults.Clear();
        }

        sink.Faults.Enqueue(SmtpFault.DropAfterData);
        drill.Say("BACK: all is well with the mail server, but that it takes one mail without saying so");
        var back = drill.Journal.Now;
        var came = await Eventually.IsTrueAsync(async () => await WaitingAsync(server) == 0, TimeSpan.FromMinutes(5));
        var received = sink.Received.Where(mail => _people.Contains(mail.Recipients.Single())).ToList();
        var letters = received.DistinctBy(mail => mail.Message.MessageId).Count();
        drill.Line("GET /api/me while it was silent", $"{probe}");
        drill.Line("mails owed", $"{Owed}");
        drill.Line("  lost", $"{Owed - letters}");
        drill.Line("  came twice", $"{received.Count - letters}");
        drill.Line("all had come", $"{Journal.Seconds(drill.Journal.Now - back)} after the server was well");
        Assert.True(came, $"{await WaitingAsync(server)} mails still wait.");
        Assert.Equal(Owed, letters);
        Assert.InRange(received.Count, Owed, Owed + 1);
        Assert.Equal(0, probe.Failed);
    }

    private Task<PortalProcess> StartAsync(Drill drill, PrivateServer server)
    {
        var settings = SmtpSink.SettingsFor(_port, "__");
        settings["Mail__Timeout"] = MailTimeout.ToString("c", CultureInfo.InvariantCulture);
        settings["Mail__PollEvery"] = "00:00:01";
        return drill.StartPortalAsync(server.ConnectionString, settings);
    }

    /// <summary>People ask for a new password, every second of them with an account.</summary>
    private async Task AskAsync(Drill drill, PortalProcess portal, string serverDoes)
    {
        drill.Say($"FAULT: the mail server {serverDoes}");
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(portal.Url) };
        var (known, unknown) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var number = 0; number < PeopleEach; number++)
        {
            http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            http.DefaultRequestHeaders.Add("X-Forwarded-For", $"10.{_asked / 250}.{_asked++ % 250}.7");
            var email = Api.NewEmail();
            using var signedUp = await http.SendAsync(
                HttpMethod.Post, "/api/auth/sign-up/email", null, new { name = "Ada", email, password = Api.Password });
            signedUp.EnsureSuccessStatusCode();
            known.Add(await AskAsync(http, email));
            _people.Add(email);
            unknown.Add(await AskAsync(http, Api.NewEmail()));
        }

        drill.Say($"asked for a new password: known addresses {Times(known)}, unknown {Times(unknown)}");
        Assert.All(known.Concat(unknown), time => Assert.InRange(time, TimeSpan.Zero, MailTimeout / 2));
    }

    private static async Task<TimeSpan> AskAsync(HttpClient http, string email)
    {
        var asked = Stopwatch.StartNew();
        using var answer = await http.SendAsync(
            HttpMethod.Post, "/api/auth/request-password-reset", null, new { email });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return asked.Elapsed;
    }

    private async Task TellOwedAsync(Drill drill, PrivateServer server, string when)
    {
        var waiting = await WaitingAsync(server);
        drill.Say($"{waiting} mails of {Owed} wait in the outbox {when}");
        Assert.Equal(Owed, waiting);
    }

    private async Task<int> WaitingAsync(PrivateServer server)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand(
            "select count(*)::int from outbox where to_address = any(@people)");
        command.Parameters.AddWithValue("people", _people);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static string Times(List<TimeSpan> times) => string.Create(CultureInfo.InvariantCulture,
        $"{times.Order().ElementAt(times.Count / 2).TotalMilliseconds:0} ms (at most {times.Max().TotalMilliseconds:0})");
}
