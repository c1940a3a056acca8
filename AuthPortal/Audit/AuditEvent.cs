using AuthPortal.Web;

namespace AuthPortal.Audit;

/// <summary>Something that happened to an account. A report: nothing ever reads it to authenticate.</summary>
/// <param name="Type">One of <see cref="AuditTypes"/>.</param>
/// <param name="UserId">Null where the account is unknown; the typed address is never kept.</param>
/// <param name="SessionId">The <c>sid</c>, where one is meant.</param>
/// <param name="Details">Short plain facts such as the method; no secret, no address.</param>
internal sealed record AuditEvent(
    string Type,
    Guid? UserId,
    Guid? SessionId,
    Client Client,
    IReadOnlyDictionary<string, string> Details)
{
    public AuditEvent(
        string type, Guid? userId, Guid? sessionId, Client client, params (string Key, string Value)[] details)
        : this(type, userId, sessionId, client, details.ToDictionary(d => d.Key, d => d.Value))
    {
    }
}

/// <summary>What its person may read of an event.</summary>
internal sealed record RecordedEvent(DateTimeOffset At, string Type, string? Ip, string? UserAgent);

internal static class AuditTypes
{
    public const string SignUp = "sign-up";
    public const string SignUpRefused = "sign-up-refused";
    public const string SignIn = "sign-in";
    public const string SignInFailed = "sign-in-failed";
    public const string SecondFactorAsked = "second-factor-asked";
    public const string SecondFactorRefused = "second-factor-refused";
    public const string SecondFactorGuessed = "second-factor-guessed";
    public const string SecondFactorOn = "second-factor-on";
    public const string SecondFactorOff = "second-factor-off";
    public const string FactorUndone = "factor-undone";
    public const string RecoveryCodesMade = "recovery-codes-made";
    public const string RecoveryCodeUsed = "recovery-code-used";
    public const string SteppedUp = "stepped-up";
    public const string SignOut = "sign-out";
    public const string SignOutEverywhere = "sign-out-everywhere";
    public const string EverybodySignedOut = "everybody-signed-out";
    public const string RenewalRefused = "renewal-refused";
    public const string VerificationRequested = "email-verification-requested";
    public const string EmailVerified = "email-verified";
    public const string PasswordResetRequested = "password-reset-requested";
    public const string PasswordReset = "password-reset";
    public const string AccountReclaimed = "account-reclaimed";
    public const string ProfileChanged = "profile-changed";
    public const string PasswordChanged = "password-changed";
    public const string PasswordRefused = "password-refused";
    public const string PasswordGuessed = "password-guessed";
    public const string PasswordConfirmed = "password-confirmed";
    public const string BreachedPasswordRefused = "breached-password-refused";
    public const string BreachCheckFailed = "breach-check-failed";
    public const string DeviceSignedOut = "device-signed-out";
    public const string OthersSignedOut = "others-signed-out";
    public const string EmailChangeAsked = "email-change-asked";
    public const string EmailChanged = "email-changed";
    public const string EmailChangeUndone = "email-change-undone";
    public const string PasskeyAdded = "passkey-added";
    public const string PasskeyRenamed = "passkey-renamed";
    public const string PasskeyRemoved = "passkey-removed";
    public const string PasskeyRefused = "passkey-refused";
    public const string DeletionAsked = "deletion-asked";
    public const string DeletionScheduled = "deletion-scheduled";
    public const string AccountRestored = "account-restored";
    public const string AccountDeleted = "account-deleted";
    public const string MailGivenUp = "mail-given-up";
    public const string AccountAdded = "account-added";
    public const string AccountDisabled = "account-disabled";
    public const string AccountEnabled = "account-enabled";
    public const string AccountEvicted = "account-evicted";
    public const string SecondFactorReset = "second-factor-reset";
    public const string RolesChanged = "roles-changed";
    public const string UsersImported = "users-imported";
    public const string UsersExported = "users-exported";
    public const string KeysChanged = "keys-changed";
    public const string EventsRemoved = "events-removed";

    // Counted by RefusalTally, one event for many.
    public const string Throttled = "throttled";
    public const string Shed = "shed";

    /// <summary>What the operator alone does, by the command line.</summary>
    public static string[] OfTheOperator { get; } =
        [AccountAdded, AccountDisabled, AccountEnabled, AccountEvicted, SecondFactorReset, RolesChanged];

    /// <summary>What a stranger can have happen to an account, by its address alone.</summary>
    public static string[] CausedByAnybody { get; } =
        [SignInFailed, VerificationRequested, PasswordResetRequested, PasswordGuessed, MailGivenUp, Throttled, Shed];
}
