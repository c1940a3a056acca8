using Microsoft.Extensions.Time.Testing;

namespace AuthPortal.Tests.Support;

/// <summary>A portal with mail, and with time in the test's hand.</summary>
public sealed class PatientPortal : MailedPortal
{
    public PatientPortal() => Clock = Time;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
}
