using System.Diagnostics.Metrics;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>Codes of a second factor that were given, counted.</summary>
internal sealed class SecondFactorMeter
{
    public const string Name = "AuthPortal.SecondFactor";
    public const string TryCounter = "authportal.second_factor.tries";

    private readonly Counter<long> _tries;

    public SecondFactorMeter(IMeterFactory meters) =>
        _tries = meters.Create(Name).CreateCounter<long>(
            TryCounter, "{try}", "Codes of an authenticator app, and recovery codes, that were given.");

    /// <returns>The refusal, for who answers with it.</returns>
    public AuthError? Tried(string method, AuthError? refusal)
    {
        _tries.Add(1, new("outcome", Outcome.Of(refusal)), new KeyValuePair<string, object?>("method", method));
        return refusal;
    }
}
