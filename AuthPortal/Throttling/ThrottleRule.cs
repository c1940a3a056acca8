using System.Threading.RateLimiting;

namespace AuthPortal.Throttling;

/// <summary>How often something may be tried for one subject.</summary>
/// <param name="Name">Kebab-case; each rule counts for itself.</param>
/// <param name="Burst">How many at once, after a long rest.</param>
/// <param name="Every">How long until there is one more.</param>
internal sealed record ThrottleRule(string Name, int Burst, TimeSpan Every)
{
    /// <summary>No setting.</summary>
    public string Name { get; internal init; } = Name;

    /// <summary>How far ahead of the clock the theoretical arrival time may run.</summary>
    public TimeSpan Tolerance => Every * (Burst - 1);

    /// <summary>
    /// As a limiter in this process's memory counts it: by whole seconds, or by its own step if that is longer.
    /// </summary>
    public TokenBucketRateLimiterOptions AsTokenBucket() => new()
    {
        TokenLimit = Burst,
        TokensPerPeriod = Math.Max(1, (int)(TimeSpan.FromSeconds(1) / Every)),
        ReplenishmentPeriod = Every > TimeSpan.FromSeconds(1) ? Every : TimeSpan.FromSeconds(1),
    };

    /// <summary>For that many who share it.</summary>
    public ThrottleRule For(int many) => this with { Burst = Burst * many, Every = Every / many };
}

/// <summary>One subject's share under one rule.</summary>
/// <param name="Subject">For whom: an account, an address, a device. Never stored as it is.</param>
internal sealed record Quota(ThrottleRule Rule, string Subject);

/// <summary>What was asked for and is used up.</summary>
/// <param name="Quota">Of several, the one to wait longest for.</param>
/// <param name="Key">Its subject's keyed digest.</param>
/// <param name="Wait">Until it may be asked again; more than nothing.</param>
internal sealed record Exhausted(Quota Quota, byte[] Key, TimeSpan Wait);
