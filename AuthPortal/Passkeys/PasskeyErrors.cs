using AuthPortal.Languages;
using AuthPortal.Web;

namespace AuthPortal.Passkeys;

/// <summary>Refusals about passkeys. Codes and messages that Better Auth has too are Better Auth's.</summary>
internal static class PasskeyErrors
{
    public static readonly AuthError NotAvailable = new(404, "PASSKEYS_NOT_AVAILABLE",
        "Passkeys need a host name, and this portal's public address is an IP address.");

    public static readonly AuthError ChallengeNotFound = new(400, "CHALLENGE_NOT_FOUND", "Challenge not found")
    {
        Advice = "That took more than five minutes, or began in another window. Please try again.",
    };

    public static readonly AuthError FailedToVerifyRegistration =
        new(400, "FAILED_TO_VERIFY_REGISTRATION", "Failed to verify registration")
        {
            Advice = "This passkey could not be added. Please try again.",
        };

    public static readonly AuthError OfAnother = new(401, "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY",
        "You are not allowed to register this passkey")
    {
        Advice = "Somebody else began this in the same browser. Please begin again.",
    };

    /// <param name="most">How many one may have.</param>
    public static AuthError TooMany(int most) => new(400, "TOO_MANY_PASSKEYS",
        $"You have {most} passkeys, which is as many as there can be. Remove one first.")
    {
        Advice = new Phrase("You have {0} passkeys, which is as many as there can be. Remove one first.", most),
    };

    public static readonly AuthError NotFound = new(404, "PASSKEY_NOT_FOUND", "Passkey not found")
    {
        Advice = "There is no such passkey any more.",
    };

    public static readonly AuthError LastWayToSignIn = new(400, "LAST_WAY_TO_SIGN_IN",
        "This is your only way to sign in. Add another passkey or set a password first.");

    public static readonly AuthError Unknown = new(401, "PASSKEY_NOT_FOUND", "Passkey not found")
    {
        Advice = "This passkey belongs to no account here. It may have been removed.",
    };

    public static readonly AuthError AuthenticationFailed =
        new(401, "AUTHENTICATION_FAILED", "Authentication failed")
        {
            Advice = "That passkey was not accepted. Please try again, or sign in another way.",
        };
}
