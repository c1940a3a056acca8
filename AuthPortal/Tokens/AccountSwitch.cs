using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// What an operator does to somebody's account. Whatever takes something away ends every session of theirs in the
/// same transaction, so that running instances refuse them as soon as they look.
/// </summary>
internal sealed class AccountSwitch(
    UserStateStore users,
    OwnUserStore own,
    WaysIn ways,
    VersionRaise raise,
    AccountErasure erasure,
    AuditStore audit,
    Outbox outbox)
{
    private static readonly Letter Evicted = new(
        "Your account was shut to whoever was in it",
        [
            "Whoever runs this site has ended every way into your account: the password, passkeys, an authenticator "
                + "app, and every device that was signed in.",
            "Choose a new password with \"Forgot your password?\" on the sign-in page.",
        ],
        Closing: ["If you did not ask for this, write to them."]);

    private static readonly Letter EvictedUnderNewAddress = Evicted with
    {
        Paragraphs =
        [
            "Whoever runs this site has ended every way into the account that had this address until lately.",
            "Its address was changed. If that was not you, undo it with the letter \"Your email address was changed\" "
                + "that you have here; then choose a new password.",
        ],
    };

    private static readonly Letter Moved = Evicted with
    {
        Paragraphs =
        [
            "Whoever runs this site has ended every way into the account that had this address, and has given it "
                + "another.",
        ],
    };

    private static readonly Letter WithoutSecondFactor = new(
        "Your second factor was removed",
        [
            "Whoever runs this site has removed authenticator app, recovery codes and passkeys from your account, and "
                + "signed every device out. Your password is enough now.",
        ],
        Closing: ["If you did not ask for this, write to them at once: somebody else may have."]);

    /// <returns>False where the person was disabled already.</returns>
    public Task<bool> DisableAsync(User user, Client by, CancellationToken ct) =>
        ChangeAsync(user, () => users.DisableAsync(user.Id, ct), Event(AuditTypes.AccountDisabled, user, by), ct);

    /// <returns>False where the person was not disabled.</returns>
    public Task<bool> EnableAsync(User user, Client by, CancellationToken ct) =>
        ChangeAsync(user, () => users.EnableAsync(user.Id, ct), Event(AuditTypes.AccountEnabled, user, by), ct);

    /// <returns>False where there is no such person any more.</returns>
    public Task<bool> SignOutAsync(User user, Client by, CancellationToken ct) => ChangeAsync(
        user, () => users.RaiseSessionVersionAsync(user.Id, ct), Event(AuditTypes.SignOutEverywhere, user, by), ct);

    /// <summary>Ends every way in, for an account that is in other hands: its mailbox alone opens it again.</summary>
    /// <param name="moveTo">
    /// The owner's mailbox, where the account's own is not theirs any more: an account there that was never confirmed,
    /// or is being deleted, goes. Another one is a <see cref="AuthPortal.Database.UniqueConflict"/>.
    /// </param>
    /// <returns>False where there is no such person any more.</returns>
    public Task<bool> EvictAsync(User user, EmailAddress? moveTo, Client by, CancellationToken ct) => ChangeAsync(
        user,
        async () =>
        {
            var evicted = await EndWaysInAsync(user, isTakenBack: true, ct);
            if (evicted is null)
                return null;
            await TellBeforeAsync(evicted, moveTo is null ? EvictedUnderNewAddress : Moved, ct);
            if (moveTo is not null)
            {
                await TellAsync(evicted.Email, evicted, Moved, ct);
                await erasure.DisplaceAsync(
                    user.Id, OneTimeLinks.FingerprintOf(evicted.EmailCanonical), moveTo, ct);
                evicted = await users.MoveAsync(user.Id, moveTo, ct) ?? evicted;
            }

            await TellAsync(evicted.Email, evicted, Evicted, ct);
            return evicted;
        },
        Event(AuditTypes.AccountEvicted, user, by),
        ct);

    /// <summary>Removes authenticator app, recovery codes and passkeys, and ends every session.</summary>
    /// <returns>False where there were none.</returns>
    public async Task<bool> ResetSecondFactorAsync(User user, Client by, CancellationToken ct) =>
        (await ways.ListAllAsync(user.Id, ct)).Count > 0
        && await ChangeAsync(
            user,
            async () =>
            {
                var reset = await EndWaysInAsync(user, isTakenBack: false, ct);
                if (reset is null)
                    return null;
                await TellBeforeAsync(reset, WithoutSecondFactor, ct);
                await TellAsync(reset.Email, reset, WithoutSecondFactor, ct);
                return reset;
            },
            Event(AuditTypes.SecondFactorReset, user, by),
            ct);

    /// <param name="isTakenBack">Whether somebody else was in: then the password goes too.</param>
    private async Task<User?> EndWaysInAsync(User user, bool isTakenBack, CancellationToken ct)
    {
        // The row first: whoever is adding something holds it, and waits or is waited for.
        var evicted = await users.EvictAsync(user.Id, keepPassword: !isTakenBack, isTakenBack, ct);
        if (evicted is not null)
            await ways.EndAllAsync(evicted, ct);
        return evicted;
    }

    /// <summary>
    /// The mailbox before a change of address that can still be undone: it may be the one that is the owner's.
    /// </summary>
    private async Task TellBeforeAsync(User user, Letter letter, CancellationToken ct)
    {
        if (await own.FindChangeAsync(user.Id, ct) is { EmailBefore: { } before })
            await TellAsync(before, user, letter, ct);
    }

    private Task TellAsync(string address, User user, Letter letter, CancellationToken ct) =>
        outbox.AddNoticeAsync(address, user.Profile.DisplayName, letter, user.Id, ct);

    /// <returns>How many people there are.</returns>
    public Task<int> SignOutEverybodyAsync(Client by, CancellationToken ct) => raise.RunForEverybodyAsync(
        async () =>
        {
            var people = await users.RaiseEverySessionVersionAsync(ct);
            await audit.RecordAsync(
                new AuditEvent(AuditTypes.EverybodySignedOut, null, null, by, ("count", $"{people}")), ct);
            return people;
        },
        ct);

    /// <summary>One that is given is in the next token; one that is taken away ends the tokens that hold it.</summary>
    /// <returns>False where somebody else changed them meanwhile.</returns>
    public Task<bool> SetRolesAsync(User user, string[] roles, Client by, CancellationToken ct) => ChangeAsync(
        user,
        () => users.SetRolesAsync(user.Id, user.Roles, roles, ct),
        Event(AuditTypes.RolesChanged, user, by, ("roles", string.Join(", ", roles))),
        ct);

    /// <param name="change">Its person is as they are afterwards, or null where nothing changed.</param>
    private async Task<bool> ChangeAsync(
        User user, Func<Task<User?>> change, AuditEvent happened, CancellationToken ct)
    {
        var changed = await raise.RunAsync(
            user.SessionVersion,
            async () =>
            {
                var after = await change();
                if (after is not null)
                    await audit.RecordAsync(happened, ct);
                return after;
            },
            ct);
        return changed is not null;
    }

    private static AuditEvent Event(
        string type, User user, Client by, params (string Key, string Value)[] details) =>
        new(type, user.Id, null, by, details);
}
