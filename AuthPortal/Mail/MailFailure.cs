using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace AuthPortal.Mail;

/// <summary>
/// What kind of failure it was, in our words: a server's own often hold the address, and a log must not.
/// </summary>
internal static class MailFailure
{
    public static string InWords(Exception failure) => failure switch
    {
        SmtpCommandException refused => $"answered {(int)refused.StatusCode} ({refused.ErrorCode})",
        AuthenticationException => "user or password refused",
        SslHandshakeException => "TLS failed, or the certificate is not trusted",
        NotSupportedException => "offers no STARTTLS, or no way to sign in",
        SocketException socket => $"can't be reached ({socket.SocketErrorCode})",
        OperationCanceledException or TimeoutException => "did not answer in time",
        IOException or SmtpProtocolException => "connection lost",
        _ => failure.GetType().Name,
    };
}
