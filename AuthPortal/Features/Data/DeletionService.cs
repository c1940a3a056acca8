using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Data;

/// <summary>
/// People delete their own accounts: erased at once, or after <c>Accounts:DeleteAfter</c>; in any case not before a
/// change of address can no longer be undone.
/// </summary>
internal sealed class DeletionService(
    FreshProof proof,
    OwnerGuard guard,
    AccountErasure erasure,
    DeletionSchedule schedule,
    IOptions<AccountOptions> options)
{
    /// <returns>Whose account it was: gone where <see cref="User.EraseAt"/> is null, else marked.</returns>
    public async Task<Result<User>> DeleteAsync(
        CurrentUser caller, string password, Client client, CancellationToken ct)
    {
        var proved = await proof.CheckAsync(caller, password, client, ct);
        if (!proved.Succeeded)
            return proved.Error;
        if (guard.Doubts(proved.Value, caller.Session))
            return AuthErrors.AccountTakenBack;
        var fingerprint = OneTimeLinks.FingerprintOf(ErasureStore.DeletionText(proved.Value));
        return await DeleteAsync(caller.Id, fingerprint, client, ct) is { } user ? user : AuthErrors.Unauthorized;
    }

    /// <param name="fingerprint">Of <see cref="ErasureStore.DeletionText"/>.</param>
    /// <returns>As above; null where the fingerprint no longer fits.</returns>
    public async Task<User?> DeleteAsync(Guid id, string fingerprint, Client client, CancellationToken ct)
    {
        var grace = options.Value.DeleteAfter;
        var erased = grace > TimeSpan.Zero ? null : await erasure.EraseAsync(id, fingerprint, ct);
        return erased ?? await schedule.ScheduleAsync(id, fingerprint, grace, client, ct);
    }
}
