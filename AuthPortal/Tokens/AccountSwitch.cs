using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// What an operator does to somebody's account. Whatever takes something away ends every session of theirs in the
/// same transaction, so that running instances refuse them as soon as they look.
/// </summary>
internal sealed class AccountSwitch(
    Db db, UserStateStore users, RevocationStore revocations, RevocationSet revoked, AuditStore audit)
{
    /// <returns>False where the person was disabled already.</returns>
    public Task<bool> DisableAsync(Guid id, Client by, CancellationToken ct) =>
        EndAllAsync(id, () => users.DisableAsync(id, ct), new AuditEvent(AuditTypes.AccountDisabled, id, null, by), ct);

    /// <returns>False where the person was not disabled.</returns>
    public async Task<bool> EnableAsync(Guid id, Client by, CancellationToken ct)
    {
        var enabled = false;
        await db.InTransactionAsync(
            async () =>
            {
                enabled = await users.EnableAsync(id, ct);
                if (enabled)
                    await audit.RecordAsync(new AuditEvent(AuditTypes.AccountEnabled, id, null, by), ct);
            },
            ct);
        return enabled;
    }

    /// <returns>False where there is no such person.</returns>
    public Task<bool> SignOutAsync(Guid id, Client by, CancellationToken ct) =>
        EndAllAsync(
            id,
            () => users.RaiseSessionVersionAsync(id, ct),
            new AuditEvent(AuditTypes.SignOutEverywhere, id, null, by),
            ct);

    /// <summary>One that is given is in the next token; one that is taken away ends the tokens that hold it.</summary>
    /// <returns>False where somebody else changed them meanwhile.</returns>
    public async Task<bool> SetRolesAsync(User user, string[] roles, Client by, CancellationToken ct)
    {
        var happened = new AuditEvent(AuditTypes.RolesChanged, user.Id, null, by, ("roles", string.Join(", ", roles)));
        if (user.Roles.Except(roles).Any())
        {
            return await EndAllAsync(
                user.Id,
                async () => await users.SetRolesAsync(user.Id, user.Roles, roles, ct)
                    ? await users.RaiseSessionVersionAsync(user.Id, ct)
                    : null,
                happened,
                ct);
        }

        var done = false;
        await db.InTransactionAsync(
            async () =>
            {
                done = await users.SetRolesAsync(user.Id, user.Roles, roles, ct);
                if (done)
                    await audit.RecordAsync(happened, ct);
            },
            ct);
        return done;
    }

    /// <param name="change">Returns the version below which no session counts, or null where nothing changed.</param>
    private async Task<bool> EndAllAsync(
        Guid id, Func<Task<int?>> change, AuditEvent happened, CancellationToken ct)
    {
        Revocation? ended = null;
        await db.InTransactionAsync(
            async () =>
            {
                if (await change() is not { } version)
                    return;
                ended = new Revocation(id, null, version);
                await revocations.AddAsync(ended, revoked.LatestEnd, ct);
                await audit.RecordAsync(happened, ct);
            },
            ct);
        if (ended is not null)
            revoked.Add(ended);
        return ended is not null;
    }
}
