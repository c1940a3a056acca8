using AuthPortal.Audit;

namespace AuthPortal.Features.Activity;

/// <summary>An event as one would tell it to its person.</summary>
internal static class ActivityInWords
{
    /// <summary>Whether it happened on a device of the person's, or of somebody who passed for them.</summary>
    public static bool HasDevice(RecordedEvent happened) => !AuditTypes.OfTheOperator.Contains(happened.Type);

    public static string Of(RecordedEvent happened) => happened.Type switch
    {
        AuditTypes.SignUp => "You opened the account",
        AuditTypes.AccountAdded => "The operator opened this account for you",
        AuditTypes.AccountEvicted => "The operator ended every way into this account",
        AuditTypes.SecondFactorReset => "The operator removed authenticator app and passkeys",
        AuditTypes.SignIn => "Signed in",
        AuditTypes.SignInFailed => "Somebody tried to sign in and was refused",
        AuditTypes.SecondFactorAsked => "The right password was given, and a second factor asked for",
        AuditTypes.SecondFactorRefused => "A wrong code was given for the second factor",
        AuditTypes.SecondFactorGuessed => "So many wrong codes were given that none was taken for a while",
        AuditTypes.SecondFactorOn => "The authenticator app was set up",
        AuditTypes.SecondFactorOff => "The authenticator app was removed",
        AuditTypes.FactorUndone => "What had been added to sign in with was removed by a mailed link",
        AuditTypes.RecoveryCodesMade => "New recovery codes were made",
        AuditTypes.RecoveryCodeUsed => "A recovery code was used",
        AuditTypes.SteppedUp => "Confirmed once more who you are",
        AuditTypes.SignOut => "Signed out",
        AuditTypes.SignOutEverywhere => "Signed out everywhere",
        AuditTypes.RenewalRefused => "A session that had ended was used again, and refused",
        AuditTypes.ProfileChanged => "The profile was changed",
        AuditTypes.PasswordChanged => "The password was changed",
        AuditTypes.PasswordRefused => "A wrong password was given to confirm a change",
        AuditTypes.PasswordGuessed => "So many wrong passwords were given that strangers' devices had to wait",
        AuditTypes.PasswordConfirmed => "The password was given once more, and was right",
        AuditTypes.BreachedPasswordRefused => "A new password was refused, since it is known from a breach",
        AuditTypes.BreachCheckFailed => "A new password was taken without knowing whether it is known from a breach",
        AuditTypes.DeviceSignedOut => "Another device was signed out",
        AuditTypes.OthersSignedOut => "All other devices were signed out",
        AuditTypes.PasswordReset => "A new password was set by a mailed link",
        AuditTypes.AccountReclaimed =>
            "The address was confirmed in another browser than the one that signed up, with a new password",
        AuditTypes.EmailChangeAsked => "A change of the email address was asked for",
        AuditTypes.EmailChanged => "The email address was changed",
        AuditTypes.EmailChangeUndone => "A change of the email address was undone",
        AuditTypes.PasskeyAdded => "A passkey was added",
        AuditTypes.PasskeyRenamed => "A passkey was renamed",
        AuditTypes.PasskeyRemoved => "A passkey was removed",
        AuditTypes.PasskeyRefused =>
            "A passkey was used twice or out of turn, and refused: somebody may have a copy of it",
        AuditTypes.DeletionAsked => "A link that deletes the account was asked for",
        AuditTypes.DeletionScheduled => "The account was deleted, to be erased later",
        AuditTypes.AccountRestored => "The account was restored by signing in",
        AuditTypes.Throttled => "So much was tried that some of it was told to wait",
        AuditTypes.Shed => "Something was refused because too much was going on here at once",
        var other => $"{char.ToUpperInvariant(other[0])}{other[1..].Replace('-', ' ')}",
    };
}
