using AuthPortal.Mail;

namespace AuthPortal.Features.TwoFactor;

/// <summary>What people are told of their second factor.</summary>
internal static class TotpLetters
{
    /// <param name="link">Of <see cref="FactorUndo"/>.</param>
    public static Letter TurnedOn(string link) => new(
        "Your second factor is on",
        ["From now on, signing in with your password also asks for a code from your authenticator app.",
            "Your other devices are signed out."],
        new LetterLink("Remove it", link),
        [SecurityNotices.IfNotYouRemoveIt]);

    public static readonly Letter TurnedOff = new(
        "Your second factor is off",
        ["Your authenticator app is no longer asked for, and your recovery codes are void.",
            "Your other devices are signed out."],
        Closing: [SecurityNotices.IfNotYou]);

    /// <param name="link">Of <see cref="FactorUndo"/>.</param>
    public static Letter CodesMade(string link) => new(
        "You have new recovery codes",
        ["Ten new recovery codes were made for your account. The old ones no longer work."],
        new LetterLink("Remove them", link),
        [SecurityNotices.IfNotYouRemoveIt]);
}
