using System.Globalization;
using AuthPortal.Audit;
using AuthPortal.Languages;
using AuthPortal.Mail;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>
/// What a person must hear of: into the log and into their mailbox, in the transaction of what it tells.
/// </summary>
internal sealed class SecurityNotices(AuditStore audit, UserStore users, Outbox outbox, PersonBudgets budgets)
{
    /// <summary>Advice for who receives a letter about a change that they did not make.</summary>
    public const string IfNotYou =
        "If this was you, all is well. If it was not, somebody is signed in to your account: choose a new password at "
        + "once with \"Forgot your password?\" on the sign-in page. That signs every device out, and the page then "
        + "shows what was added to your account lately: remove what is not yours.";

    /// <summary>
    /// What the receiver should do who did not add the factor, beside a link of <see cref="FactorUndo"/>.
    /// </summary>
    public const string IfNotYouRemoveIt =
        "If this was you, all is well. If it was not, remove it within 72 hours: whatever was added to your "
        + "account since goes too, every device is signed out, and you choose a new password. After that, sign in and "
        + "remove it on your security page, or ask whoever runs this site.";

    private static readonly string[] ThrowingOut =
        [AuditTypes.PasswordChanged, AuditTypes.PasskeyRemoved, AuditTypes.SecondFactorOff];

    /// <exception cref="BudgetUsedUpException">
    /// A session did too much of which its person must hear. What is done by a mailed link, or by nobody who is signed
    /// in, is never refused: a thief must not keep the owner from undoing.
    /// </exception>
    public async Task TellAsync(AuditEvent happened, User user, Letter letter, CancellationToken ct)
    {
        if (happened.SessionId is { } session)
            budgets.TakeLetter(user.Id, session, ThrowingOut.Contains(happened.Type));
        await audit.RecordAsync(happened, ct);
        await AlsoTellAsync(user.Email, user, letter, ct);
    }

    /// <summary>
    /// Writes to another address that is concerned; in the language that the person signed up in, or a thief would
    /// choose the one that their victim is warned in.
    /// </summary>
    public async Task AlsoTellAsync(string address, User user, Letter letter, CancellationToken ct)
    {
        var spoken = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        if (Language.Find(await users.FindLanguageAsync(user.Id, ct)) is { } own)
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (own.Culture, own.Culture);
        try
        {
            await outbox.AddNoticeAsync(address, user.Profile.DisplayName, letter, user.Id, ct);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = spoken;
        }
    }
}
