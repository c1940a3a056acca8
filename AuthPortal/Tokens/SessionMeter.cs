using System.Diagnostics.Metrics;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Sessions, counted: how they begin, go on and end before their time.</summary>
internal sealed class SessionMeter
{
    public const string Name = "AuthPortal.Tokens";
    public const string SignInCounter = "authportal.sign_ins";
    public const string RenewalCounter = "authportal.session.renewals";
    public const string RevocationCounter = "authportal.session.revocations";

    private readonly Counter<long> _signIns;
    private readonly Counter<long> _renewals;
    private readonly Counter<long> _revocations;

    public SessionMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _signIns = meter.CreateCounter<long>(SignInCounter, "{sign_in}", "Tries to sign in that were judged.");
        _renewals = meter.CreateCounter<long>(RenewalCounter, "{renewal}", "Refresh tokens that were judged.");
        _revocations = meter.CreateCounter<long>(RevocationCounter, "{revocation}", "What was ended before its time.");
    }

    /// <summary>What the door made of somebody. Who proves a session anew that they have does not sign in.</summary>
    /// <param name="outcome">Few and fixed: a metric holds a series for each.</param>
    public void AtTheDoor(SignInAttempt attempt, string outcome)
    {
        if (attempt.Renewed is null)
            Count(attempt.Proved, outcome);
    }

    /// <summary>Who never got to the door.</summary>
    /// <param name="method">What they tried.</param>
    /// <returns>The refusal, for who answers with it.</returns>
    public AuthError Refused(Proofs method, AuthError refusal)
    {
        Count(method, Outcome.Of(refusal));
        return refusal;
    }

    public void Renewed(string outcome) => _renewals.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Revoked(Revocation ended)
    {
        var kind = ended.Sid is null ? "user" : "session";
        _revocations.Add(1, new KeyValuePair<string, object?>("kind", kind));
    }

    private void Count(Proofs method, string outcome) =>
        _signIns.Add(1, new("outcome", outcome), new KeyValuePair<string, object?>("method", NameOf(method)));

    private static string NameOf(Proofs proved) => proved switch
    {
        Proofs.Password => "password",
        Proofs.Password | Proofs.Totp => "password+totp",
        Proofs.Password | Proofs.RecoveryCode => "password+recovery-code",
        Proofs.Password | Proofs.Passkey => "password+passkey",
        Proofs.Passkey => "passkey",
        _ => "other",
    };
}
