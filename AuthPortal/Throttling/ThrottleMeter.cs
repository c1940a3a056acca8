using System.Diagnostics.Metrics;

namespace AuthPortal.Throttling;

/// <summary>What is refused for being too much, counted by rule.</summary>
internal sealed class ThrottleMeter
{
    public const string Name = "AuthPortal.Throttling";
    public const string RefusedCounter = "authportal.throttle.refused";

    private readonly Counter<long> _refused;

    public ThrottleMeter(IMeterFactory meters) => _refused = meters.Create(Name)
        .CreateCounter<long>(RefusedCounter, "{request}", "Tries refused because a budget was used up, by rule.");

    public void Refused(ThrottleRule rule) => _refused.Add(1, new KeyValuePair<string, object?>("rule", rule.Name));
}
