using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Takes a deletion back within its grace period, for whoever signs in. Nothing else does.</summary>
internal sealed class AccountRestoration(
    Db db, ErasureStore users, AuditStore audit, Outbox outbox, OneTimeLinks links)
{
    /// <returns>False where it is too late, or another sign-in was first.</returns>
    public async Task<bool> RestoreAsync(User user, Client client, CancellationToken ct)
    {
        var restored = false;
        await db.InTransactionAsync(
            async () =>
            {
                restored = await users.RestoreAsync(user.Id, user.SessionVersion, ct);
                if (!restored)
                    return;
                await audit.RecordAsync(new AuditEvent(AuditTypes.AccountRestored, user.Id, null, client), ct);
                await outbox.AddNoticeAsync(user.Email, user.Profile.DisplayName, Notice(), user.Id, ct);
            },
            ct);
        return restored;
    }

    private Letter Notice() => new(
        "Your account is restored",
        ["Somebody, we hope you, signed in to your account, which was to be erased. It is as it was before."],
        new LetterLink("Look at my account", links.AddressOf(ReturnUrl.Default)),
        [
            "If you still want it gone, delete it once more.",
            "If this was not you, use \"Forgot your password?\" on the sign-in page: whoever signed in knows the "
                + "present one.",
        ]);
}
