using AuthPortal.Mail;

namespace AuthPortal.Features.TwoFactor;

/// <summary>What people are told of their second factor.</summary>
internal static class TotpLetters
{
    private const string IfNotYou =
        "If this was you, all is well. If it was not, somebody is signed in to your account: choose a new password at "
        + "once with \"Forgot your password?\" on the sign-in page, which signs every device out.";

    public static readonly Letter TurnedOn = new(
        "Your second factor is on",
        ["From now on, signing in with your password also asks for a code from your authenticator app.",
            "Your other devices are signed out."],
        Closing: [IfNotYou]);

    public static readonly Letter TurnedOff = new(
        "Your second factor is off",
        ["Your authenticator app is no longer asked for, and your recovery codes are void.",
            "Your other devices are signed out."],
        Closing: [IfNotYou]);

    public static readonly Letter CodesMade = new(
        "You have new recovery codes",
        ["Ten new recovery codes were made for your account. The old ones no longer work."],
        Closing: [IfNotYou]);
}
