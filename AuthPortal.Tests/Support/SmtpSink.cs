using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace AuthPortal.Tests.Support;

/// <summary>What a mail server may do to us, once for each time it is ordered.</summary>
internal enum SmtpFault
{
    None,

    /// <summary>Refuses the recipient for now: 451.</summary>
    RefuseForNow,

    /// <summary>Says nothing after the mail's text, and does not keep it.</summary>
    Hang,

    /// <summary>Ends the connection before the mail's text, and does not keep it.</summary>
    DropBeforeData,

    /// <summary>Keeps the mail and ends the connection without saying so.</summary>
    DropAfterData,
}

/// <summary>A mail as it arrived.</summary>
internal sealed record ReceivedMail(
    string Sender, IReadOnlyList<string> Recipients, MimeMessage Message, string Raw, bool IsEncrypted, string? User);

/// <summary>A mail server that speaks enough SMTP to be sent to, on the loopback; it keeps all and delivers none.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly TcpListener _listener;
    private readonly Task _serving;

    private SmtpSink(int port, X509Certificate2? certificate)
    {
        _certificate = certificate;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _serving = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<ReceivedMail> Received { get; } = new();

    /// <summary>What to do to the next mails, one each; none is left, all is well.</summary>
    public ConcurrentQueue<SmtpFault> Faults { get; } = new();

    /// <summary>How long it thinks about each mail before it says that it has it.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>Holds back the answer to a mail that has arrived, until the task ends.</summary>
    public Func<ReceivedMail, Task> Gate { get; set; } = _ => Task.CompletedTask;

    public int Connections => _clients.Count;

    /// <param name="certificate">With one it offers STARTTLS, and then demands a user.</param>
    public static SmtpSink Start(int? port = null, X509Certificate2? certificate = null) =>
        new(port ?? 0, certificate);

    /// <summary>
    /// The settings of a portal that sends here and soon tries again, but is patient: on a busy machine a sink that
    /// has the mail may say so late, and what is broken off comes twice.
    /// </summary>
    public Dictionary<string, string?> Settings(string separator = ":") => SettingsFor(Port, separator);

    public static Dictionary<string, string?> SettingsFor(int port, string separator = ":") => new()
    {
        [$"Mail{separator}Host"] = "127.0.0.1",
        [$"Mail{separator}Port"] = $"{port}",
        [$"Mail{separator}Security"] = "None",
        [$"Mail{separator}From"] = "no-reply@portal.test",
        [$"Mail{separator}Timeout"] = "00:00:05",
        [$"Mail{separator}PollEvery"] = "00:00:00.1",
    };

    /// <returns>The mails, as soon as there are so many.</returns>
    public async Task<IReadOnlyList<ReceivedMail>> WaitForAsync(int count, double seconds = 60)
    {
        var came = await Eventually.IsTrueAsync(
            () => Task.FromResult(Received.Count >= count), TimeSpan.FromSeconds(seconds));
        return came ? [.. Received] : throw new TimeoutException($"{Received.Count} of {count} mails came.");
    }

    /// <returns>The newest link to that page, relative, as soon as a mail has one.</returns>
    public async Task<string> LinkToAsync(string page)
    {
        var link = await Eventually.SeeAsync(
            $"a mail with a link to {page}",
            () => Links().LastOrDefault(found => found.StartsWith(page + "?", StringComparison.Ordinal)),
            found => found is not null);
        return link!;
    }

    private IEnumerable<string> Links() =>
        from mail in Received
        from line in mail.Message.TextBody!.Split('\n', StringSplitOptions.TrimEntries)
        where line.StartsWith("http", StringComparison.Ordinal)
        select new Uri(line).PathAndQuery;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var client in _clients)
            client.Dispose();
        await _serving;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (; ; )
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // it is over
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var talk = new SmtpTalk(this, client.GetStream(), _certificate, _end.Token))
                await talk.HoldAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // whoever called is gone
        }
    }
}

/// <summary>One connection.</summary>
internal sealed class SmtpTalk(SmtpSink sink, Stream stream, X509Certificate2? certificate, CancellationToken ct)
    : IDisposable
{
    private StreamReader _in = new(stream, Encoding.Latin1);
    private Stream _stream = stream;
    private string _sender = "";
    private readonly List<string> _recipients = [];
    private string? _user;
    private SmtpFault _fault;

    public async Task HoldAsync()
    {
        await SayAsync("220 sink ESMTP");
        while (await _in.ReadLineAsync(ct) is { } line && await AnswerAsync(line))
        {
            // until it takes its leave
        }
    }

    public void Dispose() => _in.Dispose();

    private async Task<bool> AnswerAsync(string line)
    {
        switch (line.Split(' ', ':')[0].ToUpperInvariant())
        {
            case "EHLO":
                await SayAsync($"250-sink\r\n{Offer}250 8BITMIME");
                return true;
            case "STARTTLS":
                await SayAsync("220 go on");
                var secure = new SslStream(_stream);
                await secure.AuthenticateAsServerAsync(certificate!);
                (_stream, _in) = (secure, new StreamReader(secure, Encoding.Latin1));
                return true;
            case "AUTH":
                _user = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Trim('\0').Replace('\0', ':');
                await SayAsync(_user == "portal:hush-hush" ? "235 welcome" : "535 no");
                return true;
            case "MAIL":
                _fault = sink.Faults.TryDequeue(out var fault) ? fault : SmtpFault.None;
                _sender = Address(line);
                _recipients.Clear();
                await SayAsync(certificate is null || _user is not null ? "250 ok" : "530 sign in first");
                return true;
            case "RCPT":
                _recipients.Add(Address(line));
                await SayAsync(_fault == SmtpFault.RefuseForNow ? $"451 {Address(line)} comes too soon" : "250 ok");
                return true;
            case "DATA" when _fault == SmtpFault.DropBeforeData:
                return false;
            case "DATA":
                return await TakeAsync();
            case "QUIT":
                await SayAsync("221 bye");
                return false;
            default:
                await SayAsync("250 ok");
                return true;
        }
    }

    private string Offer => certificate is null ? "" : _stream is SslStream ? "250-AUTH PLAIN\r\n" : "250-STARTTLS\r\n";

    private async Task<bool> TakeAsync()
    {
        await SayAsync("354 go on");
        var raw = new StringBuilder();
        while (await _in.ReadLineAsync(ct) is { } line && line != ".")
            raw.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        if (_fault == SmtpFault.Hang)
        {
            await Task.Delay(Timeout.Infinite, ct);
            return false;
        }

        var bytes = Encoding.Latin1.GetBytes(raw.ToString());
        var message = await MimeMessage.LoadAsync(new MemoryStream(bytes), ct);
        var mail = new ReceivedMail(_sender, [.. _recipients], message, raw.ToString(), _stream is SslStream, _user);
        sink.Received.Enqueue(mail);
        await Task.Delay(sink.Slowness, ct);
        await sink.Gate(mail).WaitAsync(ct);
        if (_fault == SmtpFault.DropAfterData)
            return false;
        await SayAsync("250 kept");
        return true;
    }

    private async Task SayAsync(string line)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes($"{line}\r\n"), ct);
        await _stream.FlushAsync(ct);
    }

    private static string Address(string line) => line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
}
