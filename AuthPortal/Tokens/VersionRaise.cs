using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.Tokens;

/// <summary>
/// Carries out a change that may raise a person's <c>session_version</c>, and says so to all who judge tokens: in the
/// same transaction to the other instances, and here at once when it is committed.
/// </summary>
internal sealed class VersionRaise(Db db, RevocationStore revocations, RevocationSet revoked)
{
    /// <param name="version">The person's version before.</param>
    /// <param name="change">The writes; its person is as they are afterwards, or null where nothing changed.</param>
    public async Task<User?> RunAsync(int version, Func<Task<User?>> change, CancellationToken ct)
    {
        User? user = null;
        await db.InTransactionAsync(
            async () =>
            {
                user = await change();
                if (user is not null && user.SessionVersion != version)
                    await EndBelowAsync(user.Id, user.SessionVersion, ct);
            },
            ct);
        return user;
    }

    /// <summary>For a change that raises everybody's. This instance learns of it as the others do.</summary>
    /// <returns>What the change returns: how many people there are.</returns>
    public async Task<int> RunForEverybodyAsync(Func<Task<int>> change, CancellationToken ct)
    {
        var people = 0;
        await db.InTransactionAsync(
            async () =>
            {
                people = await change();
                await revocations.AddEverybodyAsync(revoked.EarliestBeginning, revoked.LatestEnd, ct);
            },
            ct);
        return people;
    }

    /// <summary>Within a transaction: the part that says so.</summary>
    public async Task EndBelowAsync(Guid userId, int version, CancellationToken ct)
    {
        var ended = new Revocation(userId, null, version);

        // The last token it concerns may have been signed this very moment.
        await revocations.AddAsync(ended, revoked.LatestEnd, ct);
        db.AfterCommit(() => revoked.AddOwn(ended));
    }
}
