using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Keys;
using AuthPortal.Mail;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// Erases an account: its rows go at once and together. What stays is that something happened, without the person,
/// and the bare id among the revocations until the last token has run out.
/// </summary>
internal sealed class AccountErasure(
    Db db,
    ErasureStore users,
    ErasureListStore erasures,
    Lazy<KeyedDigests> digests,
    AuditStore audit,
    Outbox outbox,
    VersionRaise raise)
{
    private static readonly Letter Goodbye = new(
        "Your account is deleted",
        [
            "Your account here and everything kept about you is erased. This is the last letter you get from us.",
            "Thank you for having been here.",
        ]);

    private const string Purpose = "erasure";

    private static readonly Client Nobody = new(null, null);

    /// <param name="fingerprint">Of <see cref="ErasureStore.DeletionText"/>.</param>
    /// <returns>Who is gone; null where the fingerprint no longer fits.</returns>
    public Task<User?> EraseAsync(Guid id, string fingerprint, CancellationToken ct) => raise.RunAsync(
        version: 0,
        async () =>
        {
            var gone = await users.DeleteAsync(id, fingerprint, ct);
            await FollowAsync(gone, ct);

            // No session of theirs is above this version, and none will be.
            return gone is null ? null : gone with { SessionVersion = gone.SessionVersion + 1 };
        },
        ct);

    /// <summary>Where the grace period is over. The sessions ended when it began.</summary>
    public Task EraseDueAsync(Guid id, CancellationToken ct) => db.InTransactionAsync(
        async () => await FollowAsync(await users.DeleteDueAsync(id, ct), ct), ct);

    /// <summary>Whoever sits on an address that an account moves to, in that transaction. No letter tells.</summary>
    /// <param name="fingerprint">As <see cref="ErasureStore.DisplaceAsync"/>'s.</param>
    public async Task DisplaceAsync(Guid ownerId, string fingerprint, EmailAddress email, CancellationToken ct)
    {
        if (await users.DisplaceAsync(ownerId, fingerprint, email, ct) is not { } squatter)
            return;
        await ForgetAsync(squatter.Id, ct);
        await raise.EndBelowAsync(squatter.Id, squatter.SessionVersion + 1, ct);
    }

    /// <summary>Whether they are in a list of erasures that was kept apart.</summary>
    /// <param name="listed">Digests in hexadecimal.</param>
    public bool IsListed(Guid id, IReadOnlySet<string> listed) =>
        digests.Value.AllOf(Purpose, $"{id}").Any(digest => listed.Contains(Convert.ToHexStringLower(digest)));

    /// <summary>Who was erased before, and came back with a backup. No letter tells a second time.</summary>
    public Task EraseAgainAsync(Guid id, CancellationToken ct) => db.InTransactionAsync(
        async () =>
        {
            if (await users.DeleteReturnedAsync(id, ct) is not { } gone)
                return;
            await ForgetAsync(id, ct);
            await raise.EndBelowAsync(id, gone.SessionVersion + 1, ct);
        },
        ct);

    private async Task FollowAsync(User? gone, CancellationToken ct)
    {
        if (gone is null)
            return;
        await ForgetAsync(gone.Id, ct);
        await outbox.AddAsync(gone.Email, gone.Profile.DisplayName, Goodbye, about: null, ct);
    }

    /// <summary>What the log says of them, and what still waits to be mailed.</summary>
    private async Task ForgetAsync(Guid id, CancellationToken ct)
    {
        await audit.EraseAsync(id, ct);
        await outbox.EraseAsync(id, ct);
        await erasures.AddAsync(digests.Value.Of(Purpose, $"{id}"), ct);
        await audit.RecordAsync(new AuditEvent(AuditTypes.AccountDeleted, null, null, Nobody), ct);
    }
}
