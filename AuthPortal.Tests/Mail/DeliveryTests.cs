using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Xunit;

namespace AuthPortal.Tests.Mail;

/// <summary>A letter, as a real mail server gets it.</summary>
public sealed class DeliveryTests(MailingPortal portal) : IClassFixture<MailingPortal>
{
    [Theory]
    [InlineData("ada+portal@example.com", "Ада Лавлейс", "ada+portal@example.com")]
    [InlineData("o'neill@example.com", "O\"Neill, <Ada> \\ 漢字", "o'neill@example.com")]
    [InlineData("ada@почта.рф", "Ada", "ada@xn--80a1acny.xn--p1ai")]
    [InlineData("nobody@example.com", "", "nobody@example.com")]
    public async Task It_goes_to_one_person_by_name(string to, string name, string recipient)
    {
        var mail = await SendAsync(to, name);

        Assert.Equal([recipient], mail.Recipients);
        Assert.Equal("no-reply@portal.test", mail.Sender);
        var shown = Assert.IsType<MailboxAddress>(Assert.Single(mail.Message.To));
        Assert.Equal(name, shown.Name ?? "");
        Assert.Equal(recipient, MailboxAddress.EncodeAddrspec(shown.Address));
        Assert.All(mail.Raw, c => Assert.True(c < 128, $"{c} is not ASCII"));
    }

    [Fact]
    public async Task Its_headers_are_what_a_machine_should_send()
    {
        var before = DateTimeOffset.UtcNow;
        var message = (await SendAsync("ada@example.com", "Ada")).Message;

        Assert.Equal("\"AuthPortal\" <no-reply@portal.test>", message.From.ToString());
        Assert.Equal("Confirm your address", message.Subject);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Matches("^[0-9a-f]{32}@portal\\.test$", message.MessageId);
        Assert.InRange(message.Date, before.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Empty(message.Cc.Concat(message.Bcc));
        Assert.DoesNotContain("token", string.Join('\n', message.Headers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_its_parts_hold_the_link_unbroken()
    {
        var url = $"https://portal.test/verify-email?token={new string('x', 1500)}.=3D&returnUrl=%2Fa";
        var letter = new Letter("Тема: привет", ["Здравствуйте!\n. \n.\nEnd"], new LetterLink("Открыть", url));
        var mail = await SendAsync("ada@example.com", "Ada", letter);

        var parts = Assert.IsType<MultipartAlternative>(mail.Message.Body).Cast<TextPart>().ToList();
        Assert.Equal(["text/plain", "text/html"], parts.Select(part => part.ContentType.MimeType));
        Assert.All(parts, part => Assert.Equal("utf-8", part.ContentType.Charset));
        Assert.Equal("Тема: привет", mail.Message.Subject);
        Assert.Contains("Здравствуйте!\n. \n.\nEnd", parts[0].Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(url, parts[0].Text.ReplaceLineEndings("\n").Split('\n'));
        Assert.Contains($"href=\"{url.Replace("&", "&amp;")}\"", parts[1].Text, StringComparison.Ordinal);
        Assert.All(mail.Raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
    }

    [Theory]
    [InlineData("Ada\r\nBcc: eve@example.com", "")]
    [InlineData("Ada\r\nX-Evil: yes", "Ada??X-Evil: yes")]
    [InlineData("You won! www.example.com", "")]
    [InlineData("Go to https://example.com", "")]
    public async Task No_name_forges_a_header_or_advertises(string name, string shown)
    {
        var mail = await SendAsync("ada@example.com", name);

        Assert.Equal(shown, Assert.IsType<MailboxAddress>(Assert.Single(mail.Message.To)).Name ?? "");
        Assert.Equal(["ada@example.com"], mail.Recipients);
        Assert.DoesNotContain(mail.Message.Headers, header => header.Field is "Bcc" or "X-Evil");
    }

    [Theory]
    [InlineData("ada@example.com\r\nRCPT TO:<eve@example.com>", "Subject")]
    [InlineData("ada@example.com", "Subject\nBcc: eve@example.com")]
    public async Task A_line_break_where_none_can_be_is_refused(string to, string subject) =>
        await Assert.ThrowsAsync<ArgumentException>(() => portal.WriteAsync(to, letter: new Letter(subject, ["P"])));

    [Fact]
    public async Task It_leaves_at_once_and_nothing_of_it_stays()
    {
        await using var only = new MailingPortal { Clock = new FakeTimeProvider() }; // it looks at no clock
        await only.InitializeAsync();
        await only.SettledAsync();

        await only.WriteAsync("ada@example.com");

        await only.SettledAsync();
        Assert.Equal(["ada@example.com"], Assert.Single(only.Sink.Received).Recipients);
        Assert.Equal(0, await only.ScalarAsync<long>("select count(*) from outbox"));
    }

    [Fact]
    public async Task It_is_kept_or_dropped_with_what_caused_it()
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var (db, outbox) = (scope.ServiceProvider.GetRequiredService<Db>(), scope.ServiceProvider.GetRequiredService<Outbox>());
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => db.InTransactionAsync(
            async () =>
            {
                await outbox.AddAsync("dropped@example.com", "Ada", Mailbox.Letter, null, default);
                throw new InvalidTimeZoneException("the cause fails");
            },
            default));
        await db.InTransactionAsync(
            () => outbox.AddAsync("kept@example.com", "Ada", Mailbox.Letter, null, default), default);

        await portal.Sink.WaitForMailToAsync("kept@example.com");
        Assert.DoesNotContain(portal.Sink.Received, mail => mail.Recipients.Contains("dropped@example.com"));
        Assert.True(await portal.OutboxEmptiesAsync());
    }

    private async Task<ReceivedMail> SendAsync(string to, string name, Letter? letter = null)
    {
        portal.Sink.Received.Clear();
        await portal.WriteAsync(to, name, letter);
        return (await portal.Sink.WaitForAsync(1))[0];
    }
}
