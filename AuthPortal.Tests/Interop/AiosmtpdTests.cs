using System.Diagnostics;
using System.Net.Sockets;
using AuthPortal.Tests.Support;
using MimeKit;
using Xunit;

namespace AuthPortal.Tests.Interop;

/// <summary>Mail as another's server takes it: Debian's python3-aiosmtpd, into a maildir.</summary>
[Trait("Category", "Interop")]
public sealed class AiosmtpdTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task A_letter_arrives_whole()
    {
        var folder = Directory.CreateTempSubdirectory("maildir");
        var maildir = Path.Combine(folder.FullName, "mail");
        var port = PortalProcess.FreePort();
        using var server = Process.Start(
            Tools.Python, ["-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", maildir]);
        try
        {
            Assert.True(await Eventually.IsTrueAsync(() => ListensAsync(port), TimeSpan.FromSeconds(20)));
            foreach (var (key, value) in SmtpSink.SettingsFor(port))
                portal.Settings[key] = value;
            await portal.WriteAsync("ada+portal@example.com", "Ада Лавлейс");

            var inbox = Path.Combine(maildir, "new");
            Assert.True(await Eventually.IsTrueAsync(
                () => Task.FromResult(Directory.Exists(inbox) && Directory.EnumerateFiles(inbox).Any()),
                TimeSpan.FromSeconds(20)));
            var message = await MimeMessage.LoadAsync(Directory.EnumerateFiles(inbox).Single());
            var to = Assert.IsType<MailboxAddress>(Assert.Single(message.To));
            Assert.Equal(("Ада Лавлейс", "ada+portal@example.com"), (to.Name, to.Address));
            Assert.Equal("ada+portal@example.com", message.Headers["X-RcptTo"]);
            Assert.Contains(Mailbox.Letter.Link!.Url, message.TextBody, StringComparison.Ordinal);
            Assert.Contains("<a href=", message.HtmlBody, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
