using AuthPortal.Mail;

namespace AuthPortal.Features.EmailChange;

/// <summary>What we write about a change of address, to whom.</summary>
internal static class EmailChangeLetters
{
    public static Letter ToNewAddress(string link) => new(
        "Confirm your new email address",
        ["Somebody, probably you, wants to use this address for their account here."],
        new LetterLink("Confirm this address", link),
        ["The link can be used once, within 24 hours. If this wasn't you, do nothing: nothing will change."]);

    /// <summary>To an address that has an account: the asker must not learn that, its owner may.</summary>
    public static readonly Letter ToTakenAddress = new(
        "You already have an account here",
        [
            "Somebody wants to use this address for another account. Since it has one already, nothing will change.",
            "If that was you: sign in with this address, or change it there first.",
        ]);

    /// <summary>To the old address, when a change is asked for.</summary>
    public static readonly Letter Asked = new(
        "A change of your email address was asked for",
        [
            "Somebody, probably you, asked to change the email address of your account. "
                + "It changes when the new address is confirmed; we will then write to you here once more.",
        ],
        Closing: [SecurityNotices.IfNotYou]);

    /// <summary>To the old address, when it is changed.</summary>
    public static Letter Changed(string link) => new(
        "Your email address was changed",
        ["The email address of your account was changed, and confirmed from the new one."],
        new LetterLink("Undo this change", link),
        [
            "If this was you, all is well. If it was not, undo it within 72 hours: your account comes back to this "
                + "address, every device is signed out, passkeys and an authenticator app that were added since the "
                + "change was asked for are removed, and you choose a new password.",
        ]);

    /// <summary>To the address that counts again.</summary>
    public static readonly Letter Undone = new(
        "Your email address is back",
        [
            "The change of your email address was undone, and every device was signed out.",
            "The old password no longer works: whoever changed the address may know it. Choose a new one with "
                + "\"Forgot your password?\" on the sign-in page.",
        ]);
}
