using System.Net;
using System.Net.Sockets;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>What a mail server can do wrong: no letter is lost, and hardly one comes twice.</summary>
public sealed class OutageTests(MailingPortal portal) : IClassFixture<MailingPortal>
{
    [Fact]
    public async Task While_the_server_is_down_nobody_waits_and_when_it_is_back_the_mail_arrives()
    {
        using var port = LoopbackPort.Take();
        await using var only = new Portal();
        await only.InitializeAsync();
        foreach (var (key, value) in SmtpSink.SettingsFor(port.Number))
            only.Settings[key] = value;
        Assert.Equal(HttpStatusCode.OK, (await only.Stranger().GetAsync("/healthz/ready")).StatusCode);

        await only.WriteAsync("ada@example.com");
        Assert.True(await HasFailedAsync(only, "can't be reached (ConnectionRefused)"));
        Assert.Equal(HttpStatusCode.OK, (await only.Stranger().GetAsync("/healthz/ready")).StatusCode);

        await using var sink = SmtpSink.Start(port.Number);
        await sink.WaitForMailToAsync("ada@example.com");
        Assert.True(await only.OutboxEmptiesAsync());
        Assert.Single(sink.Received);
        await TestServer.DropDatabaseAsync(only.Database);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_server_is_down_people_sign_up_at_once_and_confirm_when_it_is_back(bool isSilent)
    {
        // Down is either: nothing listens there, or what listens never says a word.
        using var port = LoopbackPort.Take();
        await using var only = new Portal();
        await only.InitializeAsync();
        foreach (var (key, value) in SmtpSink.SettingsFor(port.Number))
            only.Settings[key] = value;
        only.Settings["Accounts:RequireVerifiedEmail"] = "true";
        only.Settings["Mail:Timeout"] = "00:00:03";
        using var silence = new TcpListener(IPAddress.Loopback, port.Number);
        if (isSilent)
            silence.Start();
        var (browser, email) = (only.Browser(), $"ada+{Guid.NewGuid():N}@example.com");
        await browser.OpenAsync("/sign-up");

        await browser.SubmitAsync("Create account", ("Name", "Ада"), ("Email", email), ("Password", Api.Password));
        Assert.Equal("Check your mail", browser.Heading);
        Assert.True(await HasFailedAsync(
            only, isSilent ? "did not answer in time" : "can't be reached (ConnectionRefused)"));

        silence.Stop();
        await using var sink = SmtpSink.Start(port.Number);
        await sink.WaitForMailToAsync(email);
        Assert.True(await only.OutboxEmptiesAsync());
        var line = Assert.Single(sink.Received).Message.TextBody!.ReplaceLineEndings("\n").Split('\n')
            .Single(line => line.StartsWith("http", StringComparison.Ordinal));
        await browser.OpenAsync(new Uri(line).PathAndQuery);
        await browser.SubmitAsync("Confirm my address");
        Assert.Contains($"{email} is confirmed.", browser.Text, StringComparison.Ordinal);
        await TestServer.DropDatabaseAsync(only.Database);
    }

    [Fact]
    public async Task A_sign_up_is_answered_while_the_mail_server_says_nothing()
    {
        using var silence = new TcpListener(IPAddress.Loopback, 0);
        silence.Start();
        await using var only = new Portal();
        await only.InitializeAsync();
        foreach (var (key, value) in SmtpSink.SettingsFor(((IPEndPoint)silence.LocalEndpoint).Port))
            only.Settings[key] = value;
        only.Settings["Accounts:RequireVerifiedEmail"] = "true";
        only.Settings["Mail:Timeout"] = "00:05:00"; // longer than anything waits here
        var http = only.Stranger();

        var answer = http.SignUpAsync(Api.NewEmail());
        await Eventually.EndAsync("an answer", answer);

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        using var caller = await silence.AcceptTcpClientAsync(); // the portal sends, and goes on waiting
        Assert.Equal(1, await only.ScalarAsync<long>("select count(*) from outbox where last_error is null"));
    }

    [Theory]
    [InlineData(nameof(SmtpFault.RefuseForNow), 1)]
    [InlineData(nameof(SmtpFault.DropBeforeData), 1)]
    [InlineData(nameof(SmtpFault.DropAfterData), 2)]
    public async Task However_it_fails_the_mail_arrives(string fault, int times)
    {
        portal.Sink.Faults.Enqueue(Enum.Parse<SmtpFault>(fault));
        var address = $"{fault}@example.com";
        await portal.WriteAsync(address);

        Assert.True(await portal.OutboxEmptiesAsync());
        var arrived = portal.Sink.Received.Where(mail => mail.Recipients.Contains(address)).ToList();
        Assert.Equal(times, arrived.Count);
        Assert.Single(arrived.Select(mail => mail.Message.MessageId).Distinct());
    }

    [Fact]
    public async Task However_long_the_server_says_nothing_the_mail_arrives()
    {
        await using var only = new MailingPortal();
        only.Settings["Mail:Timeout"] = "00:00:03";
        await only.InitializeAsync();
        only.Sink.Faults.Enqueue(SmtpFault.Hang);
        await only.WriteAsync("hang@example.com");

        await only.Sink.WaitForMailToAsync("hang@example.com");
        Assert.True(await only.OutboxEmptiesAsync());
        Assert.Single(only.Sink.Received);
        await TestServer.DropDatabaseAsync(only.Database);
    }

    [Fact]
    public async Task A_refused_mail_holds_up_no_other_and_its_failure_is_kept_without_its_address()
    {
        for (var time = 0; time < 10_000; time++) // until it is seen
            portal.Sink.Faults.Enqueue(SmtpFault.RefuseForNow);
        await portal.WriteAsync("refused@example.com");
        Assert.True(await HasFailedAsync(portal, "answered 451 (RecipientNotAccepted)"));

        portal.Sink.Faults.Clear();
        await portal.WriteAsync("next@example.com");
        await portal.Sink.WaitForMailToAsync("next@example.com");
        await portal.Sink.WaitForMailToAsync("refused@example.com");
    }

    [Fact]
    public async Task What_waits_together_shares_a_connection()
    {
        await using var author = new Portal();
        await author.InitializeAsync();
        for (var count = 0; count < 20; count++)
            await author.WriteAsync($"many{count}@example.com");
        await using var sink = SmtpSink.Start();
        await using var sending = author.Sibling(other =>
        {
            foreach (var (key, value) in sink.Settings())
                other.Settings[key] = value;
        });
        sending.Stranger().Dispose();

        await sink.WaitForAsync(20);
        Assert.Equal(1, sink.Connections);
        await sending.DisposeAsync();
        await TestServer.DropDatabaseAsync(author.Database);
    }

    private static Task<bool> HasFailedAsync(Portal portal, string reason) => Eventually.IsTrueAsync(
        async () => await portal.ScalarAsync<long>(
            "select count(*) from outbox where last_error = @reason", new { reason }) > 0,
        Eventually.Limit);
}
