using System.Diagnostics.Metrics;

namespace AuthPortal.Mail;

/// <summary>What becomes of letters, counted.</summary>
internal sealed class MailMeter
{
    public const string Name = "AuthPortal.Mail";
    public const string SentCounter = "authportal.mail.sent";
    public const string GivenUpCounter = "authportal.mail.given_up";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _givenUp;

    public MailMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _sent = meter.CreateCounter<long>(SentCounter, "{mail}", "Mails that the server took.");
        _givenUp = meter.CreateCounter<long>(GivenUpCounter, "{mail}", "Mails that could not be sent in time.");
    }

    public void Sent() => _sent.Add(1);

    public void GivenUp() => _givenUp.Add(1);
}
