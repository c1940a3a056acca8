using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Data;

/// <summary>
/// The end of an account: its rows go at once and together. What stays is that something happened, without the person,
/// and the bare id among the revocations until the last token has run out.
/// </summary>
internal sealed class DeletionService(
    PasswordProof proof, OwnUserStore users, AccountErasure erasure, Outbox outbox, VersionRaise raise)
{
    private static readonly Letter Goodbye = new(
        "Your account is deleted",
        [
            "Your account here and everything kept about you is erased. This is the last letter you get from us.",
            "Thank you for having been here.",
        ]);

    /// <returns>Who is gone.</returns>
    public async Task<Result<User>> DeleteAsync(
        CurrentUser caller, string password, Client client, CancellationToken ct)
    {
        var proved = await proof.CheckAsync(caller, password, client, ct);
        if (!proved.Succeeded)
            return proved.Error;
        var fingerprint = OneTimeLinks.FingerprintOf(OwnUserStore.DeletionText(proved.Value));
        return await EraseAsync(caller.Id, fingerprint, ct) is { } gone ? gone : AuthErrors.Unauthorized;
    }

    /// <param name="fingerprint">Of <see cref="OwnUserStore.DeletionText"/>.</param>
    /// <returns>Who is gone; null where the fingerprint no longer fits.</returns>
    public Task<User?> EraseAsync(Guid id, string fingerprint, CancellationToken ct) => raise.RunAsync(
        version: 0,
        async () =>
        {
            if (await users.DeleteAsync(id, fingerprint, ct) is not { } gone)
                return null;
            await erasure.EraseAsync(id, ct);
            await outbox.AddAsync(gone.Email, gone.Profile.DisplayName, Goodbye, about: null, ct);

            // No session of theirs is above this version, and none will be.
            return gone with { SessionVersion = gone.SessionVersion + 1 };
        },
        ct);
}
