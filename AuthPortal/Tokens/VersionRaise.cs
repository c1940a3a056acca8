using AuthPortal.Database;
using AuthPortal.Users;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>
/// Carries out a change that may raise a person's <c>session_version</c>, and says so to all who judge tokens: in the
/// same transaction to the other instances, and here at once when it is committed.
/// </summary>
internal sealed class VersionRaise(
    Db db, RevocationStore revocations, RevocationSet revoked, IOptions<TokenOptions> options, TimeProvider clock)
{
    /// <param name="version">The person's version before.</param>
    /// <param name="change">The writes; its person is as they are afterwards, or null where nothing changed.</param>
    public async Task<User?> RunAsync(int version, Func<Task<User?>> change, CancellationToken ct)
    {
        User? user = null;
        Revocation? ended = null;
        await db.InTransactionAsync(
            async () =>
            {
                user = await change();
                if (user is null || user.SessionVersion == version)
                    return;

                // The last token it concerns may have been signed this very moment.
                ended = new Revocation(user.Id, null, user.SessionVersion);
                await revocations.AddAsync(ended, clock.GetUtcNow() + options.Value.SessionLifetime, ct);
            },
            ct);
        if (ended is not null)
            revoked.Add(ended);
        return user;
    }
}
