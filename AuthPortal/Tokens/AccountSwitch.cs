using AuthPortal.Audit;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// What an operator does to somebody's account. Whatever takes something away ends every session of theirs in the
/// same transaction, so that running instances refuse them as soon as they look.
/// </summary>
internal sealed class AccountSwitch(UserStateStore users, WaysIn ways, VersionRaise raise, AuditStore audit)
{
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
    /// <returns>False where there is no such person any more.</returns>
    public Task<bool> EvictAsync(User user, Client by, CancellationToken ct) =>
        EndWaysInAsync(user, keepPassword: false, Event(AuditTypes.AccountEvicted, user, by), ct);

    /// <summary>Removes authenticator app, recovery codes and passkeys, and ends every session.</summary>
    /// <returns>False where there were none.</returns>
    public async Task<bool> ResetSecondFactorAsync(User user, Client by, CancellationToken ct) =>
        (await ways.ListAllAsync(user.Id, ct)).Count > 0
        && await EndWaysInAsync(user, keepPassword: true, Event(AuditTypes.SecondFactorReset, user, by), ct);

    private Task<bool> EndWaysInAsync(User user, bool keepPassword, AuditEvent happened, CancellationToken ct) =>
        ChangeAsync(
            user,
            async () =>
            {
                await ways.EndAllAsync(user.Id, ct);
                return await users.EvictAsync(user.Id, keepPassword, ct);
            },
            happened,
            ct);

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
