using AuthPortal.Audit;
using AuthPortal.Languages;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Data;

/// <summary>
/// A deletion that can still be taken back: every session ends at once, the erasure is <see cref="ErasureWorker"/>'s
/// when the grace period is over. While a change of address can be undone, both mailboxes are written to.
/// </summary>
internal sealed class DeletionSchedule(
    ErasureStore users,
    OwnUserStore own,
    SecurityNotices notices,
    OneTimeLinks links,
    AddressUndo undo,
    VersionRaise raise)
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
                    if (await own.FindChangeAsync(id, ct) is { EmailBefore: { } before })
                        await notices.AlsoTellAsync(before, marked, NoticeBefore(marked, before, eraseAt), ct);
                }

                return marked;
            },
            ct);

    private Letter NoticeBefore(User user, string before, DateTimeOffset eraseAt) => new(
        "Your account will be deleted",
        [
            "The account that had this address until lately was deleted under its new one. All devices are signed out.",
            new Phrase("On {0} the account and everything kept about you is erased.", DateText.Of(eraseAt)),
        ],
        new LetterLink("Undo the change of address", undo.LinkFor(user, before)),
        [
            "If this was you, all is well. If it was not, undo the change of address before then: your account comes "
                + "back to this address, and is not deleted.",
        ]);

    private Letter Notice(DateTimeOffset eraseAt) => new(
        "Your account will be deleted",
        [
            "Somebody, we hope you, deleted your account here. All devices are signed out.",
            new Phrase(
                "On {0} the account and everything kept about you is erased. Signing in before then restores it.",
                DateText.Of(eraseAt)),
        ],
        new LetterLink("Sign in and keep my account", links.AddressOf("/sign-in")),
        [SecurityNotices.IfNotYou]);
}
