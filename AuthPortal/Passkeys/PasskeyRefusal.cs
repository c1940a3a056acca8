using Microsoft.AspNetCore.Identity;

namespace AuthPortal.Passkeys;

/// <summary>Why the framework refused a passkey, in a word for the audit log.</summary>
internal static class PasskeyRefusal
{
    /// <summary>It tells by its message alone; what is none of these is not well-formed.</summary>
    private static readonly (string Words, string Reason)[] Reasons =
    [
        ("invalid origin", "origin"),
        ("does not match original challenge", "challenge"),
        ("Relying Party ID", "rp-id"),
        ("'UserPresent'", "user-presence"),
        ("'UserVerified'", "user-verification"),
        ("eligible for backup", "backup-eligibility"),
        ("'BackupEligible'", "backup-eligibility"),
        ("user handle", "user-handle"),
        ("list of allowed credentials", "not-allowed"),
        ("does not belong", "user-handle"),
        ("signature counter", "sign-count"),
        ("signature was invalid", "signature"),
    ];

    public static string ReasonOf(PasskeyException failure) =>
        Reasons.FirstOrDefault(each => failure.Message.Contains(each.Words, StringComparison.Ordinal)).Reason
            ?? "malformed";
}
