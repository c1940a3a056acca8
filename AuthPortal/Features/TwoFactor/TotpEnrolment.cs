using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.SecondFactor;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.TwoFactor;

/// <summary>A secret that waits for its first code.</summary>
/// <param name="RecoveryCodes">None where they are made when it is confirmed.</param>
internal sealed record BegunEnrolment(AuthenticatorKey Key, string[] RecoveryCodes);

/// <summary>An authenticator app that is on from now on.</summary>
/// <param name="User">Under a raised version: every other session and trusted device has ended.</param>
/// <param name="RecoveryCodes">To be shown now and never again; none where they were shown when it was begun.</param>
internal sealed record Enrolled(User User, string[] RecoveryCodes);

/// <summary>
/// Turning the authenticator app on and off, for pages and programs. The person is as just read, by a session or a
/// pending sign-in that is fresh enough: the caller sees to that. Each change holds them, so that no two mix.
/// </summary>
internal sealed class TotpEnrolment(
    Authenticators authenticators,
    RecoveryCodes codes,
    OwnUserStore users,
    Gate gate,
    VersionRaise raise,
    SecurityNotices notices)
{
    private static readonly AuthError TheLastOne = AuthErrors.SecondFactorRequired with
    {
        Advice = "Your account must have a second factor. Add a passkey before you turn this one off.",
    };

    /// <summary>A new secret, in place of one that was never confirmed. Nothing is asked for yet.</summary>
    /// <param name="withCodes">Whether the recovery codes are to be had at once, as Better Auth does it.</param>
    public async Task<Result<BegunEnrolment>> BeginAsync(User user, bool withCodes, CancellationToken ct)
    {
        BegunEnrolment? begun = null;
        var done = await ChangeAsync(
            user,
            async held =>
            {
                if (await authenticators.BeginAsync(held, ct) is not { } key)
                    return AuthErrors.TotpAlreadyEnabled;
                if (!withCodes)
                    await codes.EraseAsync(held, ct);
                begun = new BegunEnrolment(key, withCodes ? await codes.ReplaceAsync(held, ct) : []);
                return held;
            },
            ct);
        return done.Succeeded ? begun! : done.Error;
    }

    /// <summary>Turns it on, once a code shows that the app has the secret. No guess, so it is not counted.</summary>
    /// <param name="sessionId">Of the session that goes on; null for a pending sign-in.</param>
    public async Task<Result<Enrolled>> ConfirmAsync(
        User user, string code, Guid? sessionId, Client client, CancellationToken ct)
    {
        string[] made = [];
        var done = await ChangeAsync(
            user,
            async held =>
            {
                if (await authenticators.ConfirmAsync(held, code, ct) is { } refusal)
                    return refusal;
                if (await codes.CountLeftAsync(held, ct) == 0)
                    made = await codes.ReplaceAsync(held, ct);
                return await RaiseAsync(AuditTypes.SecondFactorOn, held, sessionId, client, TotpLetters.TurnedOn, ct);
            },
            ct);
        return done.Succeeded ? new Enrolled(done.Value, made) : done.Error;
    }

    /// <summary>Turns it off; the recovery codes go too.</summary>
    /// <returns>The person under a raised version: every other session has ended.</returns>
    public Task<Result<User>> RemoveAsync(User user, Guid? sessionId, Client client, CancellationToken ct) =>
        ChangeAsync(
            user,
            async held =>
            {
                if (gate.Ask(held with { HasTotp = false }, Proofs.Password, false) == NextStep.Enrol)
                    return TheLastOne;
                if (!await authenticators.RemoveAsync(held, ct))
                    return AuthErrors.TwoFactorNotEnabled;
                await codes.EraseAsync(held, ct);
                return await RaiseAsync(AuditTypes.SecondFactorOff, held, sessionId, client, TotpLetters.TurnedOff, ct);
            },
            ct);

    /// <returns>Ten, to be shown now and never again. The old ones are void; sessions go on.</returns>
    public async Task<Result<string[]>> ReplaceCodesAsync(
        User user, Guid? sessionId, Client client, CancellationToken ct)
    {
        string[] made = [];
        var done = await ChangeAsync(
            user,
            async held =>
            {
                if (!held.HasTotp)
                    return AuthErrors.TwoFactorNotEnabled;
                made = await codes.ReplaceAsync(held, ct);
                var happened = new AuditEvent(AuditTypes.RecoveryCodesMade, held.Id, sessionId, client);
                await notices.TellAsync(happened, held, TotpLetters.CodesMade, ct);
                return held;
            },
            ct);
        return done.Succeeded ? made : done.Error;
    }

    /// <summary>One change of one person at a time, in a transaction.</summary>
    private async Task<Result<User>> ChangeAsync(
        User user, Func<User, Task<Result<User>>> change, CancellationToken ct)
    {
        Result<User> done = AuthErrors.Unauthorized;
        await raise.RunAsync(
            user.SessionVersion,
            async () =>
            {
                if (await users.HoldAsync(user.Id, user.SessionVersion, ct) is { } held)
                    done = await change(held);
                return done.Value;
            },
            ct);
        return done;
    }

    /// <summary>Ends the other sessions, and tells: the log, which version this one goes on under.</summary>
    private async Task<User> RaiseAsync(
        string type, User held, Guid? sessionId, Client client, Letter letter, CancellationToken ct)
    {
        var raised = await users.RaiseSessionVersionAsync(held.Id, held.SessionVersion, ct)
            ?? throw new InvalidOperationException("Somebody changed a person who was held.");
        var happened = new AuditEvent(type, held.Id, sessionId, client, ("version", $"{raised.SessionVersion}"));
        await notices.TellAsync(happened, raised, letter, ct);
        return raised;
    }
}
