using System.Diagnostics.Metrics;

namespace AuthPortal.Mail;

/// <summary>What becomes of letters, counted.</summary>
internal sealed class MailMeter
{
    public const string Name = "AuthPortal.Mail";
    public const string SentCounter = "authportal.mail.sent";
    public const string GivenUpCounter = "authportal.mail.given_up";
    public const string WaitingGauge = "authportal.mail.waiting";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _givenUp;
    private readonly Gauge<long> _waiting;

    public MailMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _sent = meter.CreateCounter<long>(SentCounter, "{mail}", "Mails that the server took.");
        _givenUp = meter.CreateCounter<long>(GivenUpCounter, "{mail}", "Mails that could not be sent in time.");
        _waiting = meter.CreateGauge<long>(WaitingGauge, "{mail}", "Mails in the outbox, as last seen from here.");
    }

    public void Sent() => _sent.Add(1);

    public void GivenUp() => _givenUp.Add(1);

    public void Waiting(long mails) => _waiting.Record(mails);
}
