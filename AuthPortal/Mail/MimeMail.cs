using System.Text;
using MimeKit;

namespace AuthPortal.Mail;

/// <summary>A mail as the wire has it. MimeKit encodes every header, so that no text can end one.</summary>
internal static class MimeMail
{
    public static MimeMessage Of(OutgoingMail mail, MailOptions options, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = now,
            MessageId = $"{mail.Id:N}@{DomainOf(options)}",
            // The last is what a mail program likes best (RFC 2046 §5.1.4).
            Body = new MultipartAlternative { Part("plain", mail.TextBody), Part("html", mail.HtmlBody) },
        };
        message.From.Add(new MailboxAddress(Encoding.UTF8, options.FromName, Mailbox(options).Address));
        message.To.Add(new MailboxAddress(Encoding.UTF8, mail.ToName, mail.ToAddress));
        // RFC 3834 §5: no machine need answer that somebody is on holiday.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    public static string DomainOf(MailOptions options) =>
        MailboxAddress.EncodeAddrspec(Mailbox(options).Address).Split('@')[^1];

    private static MailboxAddress Mailbox(MailOptions options) => MailboxAddress.Parse(options.From!);

    private static TextPart Part(string kind, string text) => new(kind)
    {
        Text = text,
        ContentTransferEncoding = ContentEncoding.QuotedPrintable, // so that no server on the way breaks a long link
    };
}
