using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.SecondFactor;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.TwoFactor;

/// <summary>An authenticator app that is on from now on.</summary>
/// <param name="User">Under a raised version: every other session and trusted device has ended.</param>
/// <param name="RecoveryCodes">To be shown now and never again, where they were not shown with the secret.</param>
internal sealed record Enrolled(User User, string[] RecoveryCodes);

/// <summary>
/// Turning the authenticator app on and off, for pages and programs. The person is as just read, by a session or a
/// pending sign-in that is fresh enough: the caller sees to that. Each change holds them, so that no two mix.
/// </summary>
internal sealed class TotpEnrolment(
    Authenticators authenticators,
    RecoveryCodes codes,
    OwnUserStore users,
    OwnerGuard guard,
    Gate gate,
    VersionRaise raise,
    WaysIn ways,
    FactorUndo undo,
    SecurityNotices notices,
    TimeProvider clock)
{
    private static readonly AuthError TheLastOne = AuthErrors.SecondFactorRequired with
    {
        Advice = "Your account must have a second factor. Add a passkey before you turn this one off.",
    };

    /// <summary>
    /// Turns it on, once a code shows that the app has the secret. All recovery codes there were are void: they may be
    /// those of an app that was begun by somebody else.
    /// </summary>
    /// <param name="session">The one that goes on; null for a pending sign-in.</param>
    public async Task<Result<Enrolled>> ConfirmAsync(
        User user, PendingAuthenticator pending, string code, Session? session, Client client, CancellationToken ct)
    {
        var wereShown = pending.RecoveryCodes.Length > 0;
        var made = wereShown ? pending.RecoveryCodes : RecoveryCodes.Make();
        var done = await ChangeAsync(
            user,
            session,
            async held =>
            {
                if (held.HasTotp)
                    return AuthErrors.TotpAlreadyEnabled;
                var now = clock.GetUtcNow();
                if (await authenticators.AddAsync(held, pending.Key, code, now, ct) is { } refusal)
                    return refusal;
                await codes.ReplaceAsync(held, made, now, ct);
                var letter = TotpLetters.TurnedOn(await LinkAsync(held, FactorStore.App, ct));
                return await RaiseAsync(AuditTypes.SecondFactorOn, held, session, client, letter, ct);
            },
            ct);
        return done.Succeeded ? new Enrolled(done.Value, wereShown ? [] : made) : done.Error;
    }

    /// <summary>Turns it off; the recovery codes go too.</summary>
    /// <returns>The person under a raised version: every other session has ended.</returns>
    public Task<Result<User>> RemoveAsync(User user, Session session, Client client, CancellationToken ct) =>
        ChangeAsync(
            user,
            session,
            async held =>
            {
                if (gate.Ask(held with { HasTotp = false }, Proofs.Password, false) == NextStep.Enrol)
                    return TheLastOne;
                if (!await authenticators.RemoveAsync(held, ct))
                    return AuthErrors.TwoFactorNotEnabled;
                await codes.EraseAsync(held, ct);
                return await RaiseAsync(AuditTypes.SecondFactorOff, held, session, client, TotpLetters.TurnedOff, ct);
            },
            ct);

    /// <returns>Ten, to be shown now and never again. The old ones are void; sessions go on.</returns>
    public async Task<Result<string[]>> ReplaceCodesAsync(
        User user, Session session, Client client, CancellationToken ct)
    {
        var made = RecoveryCodes.Make();
        var done = await ChangeAsync(
            user,
            session,
            async held =>
            {
                if (!held.HasTotp)
                    return AuthErrors.TwoFactorNotEnabled;
                await codes.ReplaceAsync(held, made, clock.GetUtcNow(), ct);
                var happened = new AuditEvent(AuditTypes.RecoveryCodesMade, held.Id, session.Id, client);
                var letter = TotpLetters.CodesMade(await LinkAsync(held, FactorStore.NewCodes, ct));
                await notices.TellAsync(happened, held, letter, ct);
                return held;
            },
            ct);
        return done.Succeeded ? made : done.Error;
    }

    /// <summary>That undoes what was just added: recovery codes made with their app go with it.</summary>
    private async Task<string> LinkAsync(User held, string kind, CancellationToken ct)
    {
        var all = await ways.ListAllAsync(held.Id, ct);
        return undo.LinkFor(
            held,
            all.FirstOrDefault(factor => factor.Kind == kind) ?? all.Single(factor => factor.Kind == FactorStore.App));
    }

    /// <summary>One change of one person at a time, in a transaction.</summary>
    private async Task<Result<User>> ChangeAsync(
        User user, Session? session, Func<User, Task<Result<User>>> change, CancellationToken ct)
    {
        Result<User> done = AuthErrors.Unauthorized;
        await raise.RunAsync(
            user.SessionVersion,
            async () =>
            {
                done = await guard.HoldAsync(user.Id, user.SessionVersion, session, ct);
                if (done.Succeeded)
                    done = await change(done.Value);
                return done.Value;
            },
            ct);
        return done;
    }

    /// <summary>Ends the other sessions, and tells: the log, which version this one goes on under.</summary>
    private async Task<User> RaiseAsync(
        string type, User held, Session? session, Client client, Letter letter, CancellationToken ct)
    {
        var raised = await users.RaiseSessionVersionAsync(held.Id, held.SessionVersion, ct)
            ?? throw new InvalidOperationException("Somebody changed a person who was held.");
        var happened = new AuditEvent(type, held.Id, session?.Id, client, ("version", $"{raised.SessionVersion}"));
        await notices.TellAsync(happened, raised, letter, ct);
        return raised;
    }
}
