namespace AuthPortal.Throttling;

/// <summary>How often something may be tried for one subject.</summary>
/// <param name="Name">Kebab-case; each rule counts for itself.</param>
/// <param name="Burst">How many at once, after a long rest.</param>
/// <param name="Every">How long until there is one more.</param>
internal sealed record ThrottleRule(string Name, int Burst, TimeSpan Every)
{
    /// <summary>How far ahead of the clock the theoretical arrival time may run.</summary>
    public TimeSpan Tolerance => Every * (Burst - 1);
}
