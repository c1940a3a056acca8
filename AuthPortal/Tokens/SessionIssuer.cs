using AuthPortal.Audit;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>A session and the two tokens that its cookies hold. Neither value may go into a body.</summary>
/// <param name="Restored">Whether starting it took back the account's deletion.</param>
internal sealed record IssuedSession(
    Identity Person, Session Session, IssuedToken Access, IssuedToken Refresh, bool Restored = false);

/// <summary>
/// The one door: every way of signing in ends here, so none can forget what forbids a session. Whoever calls it has
/// proved something; it decides whether that is enough.
/// </summary>
internal sealed class SessionIssuer(
    AccountRestoration restoration,
    Gate gate,
    TrustedDevices devices,
    AuditStore audit,
    SessionMeter meter,
    TokenIssuer tokens,
    IOptions<AccountOptions> accounts)
{
    public async Task<Result<Admission>> StartAsync(SignInAttempt attempt, CancellationToken ct)
    {
        var user = attempt.User;
        if (accounts.Value.MustVerify && user is { EmailVerifiedAt: null, DisabledAt: null })
            return await RefuseAsync(attempt, "unverified", AuthErrors.EmailNotVerified, ct);

        // Only a person who counts is asked for more: to all others the answer is that of a wrong password.
        var isTrusted = await devices.IsTrustedAsync(attempt.Device?.Trusted, user);
        if (user.DisabledAt is null && gate.Ask(user, attempt.Proved, isTrusted) is { } next)
            return await AskForMoreAsync(new PendingSignIn(attempt, next), ct);

        var restored = user.EraseAt is not null && await restoration.RestoreAsync(user, attempt.Client, ct);
        var session = Begin(attempt);
        if (!await audit.RecordSignInAsync(SignedIn(attempt, session), user.SessionVersion, ct))
        {
            var reason = user.EraseAt is null ? "disabled" : "deleted";
            return await RefuseAsync(attempt, reason, AuthErrors.InvalidEmailOrPassword, ct);
        }

        meter.AtTheDoor(attempt, Outcome.Ok);
        return new Admission(Issue(Identity.Of(user), session) with { Restored = restored }, null);
    }

    /// <summary>
    /// New tokens for a session that goes on: same <c>sid</c>, same end, today's facts about the person.
    /// </summary>
    /// <returns>Null where it lacks what is asked for now: the policy may have changed since the sign-in.</returns>
    public IssuedSession? Renew(User user, Session session) =>
        gate.LetsGoOn(user, session) ? Issue(Identity.Of(user), session) : null;

    /// <summary>
    /// Who proves themselves anew keeps their session: its <c>sid</c>, its end, and that it was begun with the
    /// password, by which <see cref="OwnerGuard"/> knows its owner.
    /// </summary>
    private Session Begin(SignInAttempt attempt)
    {
        if (attempt.Renewed is not { } held)
            return tokens.Begin(attempt.User, attempt.Proved.ToAmr(), attempt.Remember);
        var methods = (attempt.Proved | (held.IsByPassword ? Proofs.Password : Proofs.None)).ToAmr();
        var begun = tokens.Begin(attempt.User, methods, attempt.Remember);
        return held with { AuthTime = begun.AuthTime, Methods = methods };
    }

    private async Task<Admission> AskForMoreAsync(PendingSignIn pending, CancellationToken ct)
    {
        var (user, client) = (pending.Attempt.User, pending.Attempt.Client);
        var asked = new AuditEvent(
            AuditTypes.SecondFactorAsked, user.Id, pending.Attempt.Renewed?.Id, client,
            ("proved", string.Join(' ', pending.Attempt.Proved.ToAmr())));
        await audit.RecordAsync(asked, ct);
        meter.AtTheDoor(pending.Attempt, AuditTypes.SecondFactorAsked);
        return new Admission(null, pending);
    }

    /// <summary>What the list of devices is read from: besides the sign-in, how long its session may live.</summary>
    private static AuditEvent SignedIn(SignInAttempt attempt, Session session) => new(
        attempt.Renewed is null ? AuditTypes.SignIn : AuditTypes.SteppedUp,
        session.UserId,
        session.Id,
        attempt.Client,
        ("method", string.Join(' ', session.Methods)),
        ("version", $"{session.Version}"),
        ("remembered", session.Persistent ? "true" : "false"),
        ("end", PortalJson.Date(session.End)));

    private async Task<AuthError> RefuseAsync(
        SignInAttempt attempt, string reason, AuthError refusal, CancellationToken ct)
    {
        await audit.RecordAsync(
            new AuditEvent(AuditTypes.SignInFailed, attempt.User.Id, null, attempt.Client, ("reason", reason)), ct);
        meter.AtTheDoor(attempt, reason);
        return refusal;
    }

    private IssuedSession Issue(Identity person, Session session) =>
        new(person, session, tokens.Access(person, session), tokens.Refresh(session));
}
