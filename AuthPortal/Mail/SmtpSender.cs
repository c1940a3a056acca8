using System.Net.Security;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

/// <summary>SMTP by MailKit. Every step is bounded: MailKit's own timeout does not end an asynchronous call.</summary>
internal sealed class SmtpSender(IOptions<MailOptions> options, TimeProvider clock) : IMailSender
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly MailOptions _options = options.Value;
    private SmtpClient? _client;

    public async Task OpenAsync(CancellationToken ct)
    {
        if (_client is { IsConnected: true })
            return;
        _client?.Dispose();
        _client = NewClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.Timeout);
        await _client.ConnectAsync(_options.Host!, _options.Port, SocketOptions, limit.Token);
        if (!string.IsNullOrEmpty(_options.User))
            await _client.AuthenticateAsync(_options.User, _options.Password!, limit.Token);
    }

    public async Task SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        var message = MimeMail.Of(mail, _options, clock.GetUtcNow());
        using var limit = new CancellationTokenSource(_options.Timeout);
        // Broken off, it may have arrived all the same, and would be sent again.
        await using var hurry = ct.Register(() => limit.CancelAfter(Moment));
        await _client!.SendAsync(message, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is null)
            return;
        try
        {
            using var limit = new CancellationTokenSource(Moment);
            await _client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception)
        {
            // Every mail's fate is known by now; a server that takes no leave changes none.
        }

        _client.Dispose();
    }

    private SecureSocketOptions SocketOptions => _options.Security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls, // or it throws: never "when available", which anybody on the way can deny
    };

    private SmtpClient NewClient() => new()
    {
        LocalDomain = MimeMail.DomainOf(_options),
        // MailKit's own judgement lets some well-known hosts' certificates pass; a list of revoked ones is not asked
        // for, as HttpClient asks for none: private authorities publish none, and one out of reach would stop mail.
        ServerCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None,
        CheckCertificateRevocation = false,
    };
}
