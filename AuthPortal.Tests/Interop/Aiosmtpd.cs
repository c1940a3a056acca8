using System.Diagnostics;
using System.Net.Sockets;
using AuthPortal.Tests.Support;
using MimeKit;

namespace AuthPortal.Tests.Interop;

/// <summary>Another's mail server, Debian's python3-aiosmtpd, that keeps what it is given in a maildir.</summary>
internal sealed class Aiosmtpd : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maildir");
    private readonly Process _process;

    private Aiosmtpd()
    {
        _process = Process.Start(
            Tools.Python,
            ["-m", "aiosmtpd", "-n", "-l", $"127.0.0.1:{Port}", "-c", "aiosmtpd.handlers.Mailbox", MailDir]);
    }

    public int Port { get; } = LoopbackPort.TakeForGood();

    private string MailDir => Path.Combine(_folder.FullName, "mail");

    public static async Task<Aiosmtpd> StartAsync()
    {
        var server = new Aiosmtpd();
        return await Eventually.IsTrueAsync(server.ListensAsync, TimeSpan.FromSeconds(20))
            ? server
            : throw new TimeoutException("aiosmtpd does not listen.");
    }

    /// <returns>The newest mail to an address under that subject, as soon as there is one; and its bytes.</returns>
    public async Task<(MimeMessage Message, byte[] Raw)> WaitForAsync(string address, string subject)
    {
        (MimeMessage, byte[])? found = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                var inbox = Path.Combine(MailDir, "new");
                var files = Directory.Exists(inbox) ? Directory.GetFiles(inbox) : [];
                foreach (var file in files.OrderBy(File.GetLastWriteTimeUtc))
                {
                    var raw = await File.ReadAllBytesAsync(file);
                    var message = await MimeMessage.LoadAsync(new MemoryStream(raw));
                    if (message.Headers["X-RcptTo"] == address && message.Subject == subject)
                        found = (message, raw);
                }

                return found is not null;
            },
            TimeSpan.FromSeconds(20));
        return found ?? throw new TimeoutException($"\"{subject}\" did not come to {address}.");
    }

    /// <summary>Throws away what came, so that the next of a subject that came before is waited for.</summary>
    public void Empty()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(MailDir, "new")))
            File.Delete(file);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
