using AuthPortal.Audit;
using AuthPortal.Languages;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Data;

/// <summary>
/// A deletion that can still be taken back: every session ends at once, the erasure is <see cref="ErasureWorker"/>'s
/// when the grace period is over.
/// </summary>
internal sealed class DeletionSchedule(
    ErasureStore users, SecurityNotices notices, OneTimeLinks links, VersionRaise raise)
{
    /// <param name="fingerprint">Of <see cref="ErasureStore.DeletionText"/>.</param>
    /// <returns>The person as marked; null where the fingerprint no longer fits.</returns>
    public Task<User?> ScheduleAsync(
        Guid id, string fingerprint, TimeSpan grace, Client client, CancellationToken ct) => raise.RunAsync(
            version: 0,
            async () =>
            {
                var marked = await users.ScheduleAsync(id, fingerprint, grace, ct);
                if (marked is { EraseAt: { } eraseAt })
                {
                    var happened = new AuditEvent(AuditTypes.DeletionScheduled, id, null, client);
                    await notices.TellAsync(happened, marked, Notice(eraseAt), ct);
                }

                return marked;
            },
            ct);

    private Letter Notice(DateTimeOffset eraseAt) => new(
        "Your account will be deleted",
        [
            "Somebody, we hope you, deleted your account here. All devices are signed out.",
            new Phrase(
                "On {0} the account and everything kept about you is erased. Signing in before then restores it.",
                DateText.Of(eraseAt)),
        ],
        new LetterLink("Sign in and keep my account", links.AddressOf("/sign-in")),
        [
            "If this was not you, sign in and change your password; \"Forgot your password?\" on that page leads to "
                + "a new one.",
        ]);
}
