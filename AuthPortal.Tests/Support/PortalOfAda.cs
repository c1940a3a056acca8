using Microsoft.Extensions.Time.Testing;

namespace AuthPortal.Tests.Support;

/// <summary>A portal with one person, for classes whose tests can share her.</summary>
public class PortalOfAda : Portal
{
    internal Person Ada { get; private set; } = null!;

    /// <summary>Her cookies; her own client holds them too.</summary>
    internal SessionCookies Cookies { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Ada = await this.NewPersonAsync();
        Cookies = await this.SignInAgainAsync(Ada);
    }
}

/// <summary>The same, with time in the test's hand. Its revocation poller rests until the test moves time.</summary>
public sealed class TimelessPortal : PortalOfAda
{
    public TimelessPortal() => Clock = Time;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
}

/// <summary>
/// A portal whose time stands still at the moment of its making, near enough to the machine's for who judges by that.
/// So its background services sleep through the test, and no second, minute or hour ends in between.
/// </summary>
public class UnpolledPortal : PortalOfAda
{
    public UnpolledPortal() => Clock = Time;

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);
}
