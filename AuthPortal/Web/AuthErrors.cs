using AuthPortal.Languages;

namespace AuthPortal.Web;

/// <summary>Every refusal the portal speaks. Codes and messages that Better Auth has too are Better Auth's.</summary>
internal static partial class AuthErrors
{
    // Who you are.
    public static readonly AuthError InvalidEmailOrPassword =
        new(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password")
        {
            Field = "Password", // which of the two it was is not said; this is the one to type again
            Advice = "That email address and password don't match. Check both and try again.",
        };

    public static readonly AuthError Unauthorized =
        new(401, "UNAUTHORIZED", "Unauthorized") { Advice = "Sign in first, then try again." };

    public static readonly AuthError UserAlreadyExists =
        new(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email.")
        {
            Field = "Email",
            Advice = "There is an account with this address already. Sign in, or use another address.",
        };

    public static readonly AuthError InvalidEmail =
        new(400, "INVALID_EMAIL", "Invalid email")
        {
            Field = "Email",
            Advice = "Enter an email address, such as ada@example.com.",
        };

    public static readonly AuthError EmailCanNotBeUpdated =
        new(400, "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated");

    public static readonly AuthError EmailIsSame = new(400, null, "Email is the same")
    {
        Field = "NewEmail",
        Advice = "This is your address already.",
    };

    public static readonly AuthError EmailChangedRecently = new(400, "EMAIL_CHANGED_RECENTLY",
        "Your address was changed, or your account was taken back, less than 72 hours ago. It can be changed again "
            + "after that.");

    public static readonly AuthError AccountTakenBack = new(
        403, "ACCOUNT_TAKEN_BACK", "Sign in with the password first")
    {
        Advice = "This account was taken back a short time ago. Sign in with its password first; if you have none, "
            + "choose one with \"Forgot your password?\" on the sign-in page.",
    };

    /// <summary>A mailed link that gives an account its address back, where another account has it by now.</summary>
    public static readonly AuthError OldAddressTaken = UserAlreadyExists with
    {
        Field = null,
        Advice = "Your old address has an account of its own now. Sign in there, and delete that account or change its "
            + "address; then open this link again.",
    };

    public static readonly AuthError FailedToGetUserInfo =
        new(404, "FAILED_TO_GET_USER_INFO", "Failed to get user info");

    public static readonly AuthError NoFieldsToUpdate = new(400, null, "No fields to update");

    // Mailed links.
    public static readonly AuthError EmailNotVerified = new(403, "EMAIL_NOT_VERIFIED", "Email not verified")
    {
        Advice = "Confirm your email address first: open the link that we have mailed you.",
    };

    public static readonly AuthError InvalidToken = new(400, "INVALID_TOKEN", "Invalid token")
    {
        Advice = "This link no longer works: it has been used, it is too old, or a newer link replaced it.",
    };

    public static readonly AuthError TokenExpired = new(401, "TOKEN_EXPIRED", "Token expired")
    {
        Advice = "This link is too old. Ask for a new one.",
    };

    public static readonly AuthError EmailMismatch = new(400, "EMAIL_MISMATCH", "Email mismatch");

    public static readonly AuthError EmailAlreadyVerified =
        new(400, "EMAIL_ALREADY_VERIFIED", "Email is already verified");

    public static readonly AuthError VerificationEmailNotEnabled =
        new(400, "VERIFICATION_EMAIL_NOT_ENABLED", "Verification email isn't enabled")
        {
            Advice = "This portal sends no mail: set Mail__Host.",
        };

    public static readonly AuthError ResetPasswordDisabled =
        new(400, "RESET_PASSWORD_DISABLED", "Reset password isn't enabled")
        {
            Advice = "This portal sends no mail, so it can't send you a link. Ask whoever runs it.",
        };

    public static readonly AuthError InvalidRedirectUrl = new(403, "INVALID_REDIRECT_URL", "Invalid redirectURL")
    {
        Advice = "redirectTo must be a path on this portal, or lie on an origin in Portal:TrustedOrigins.",
    };

    // Passwords.
    /// <param name="minimum">In Unicode code points.</param>
    public static AuthError PasswordTooShort(int minimum) => new(400, "PASSWORD_TOO_SHORT", "Password too short")
    {
        Field = "Password",
        Advice = new Phrase(
            "This password is too short. Use at least {0} characters; several unrelated words work well.", minimum),
    };

    public static readonly AuthError PasswordTooLong = new(400, "PASSWORD_TOO_LONG", "Password too long")
    {
        Field = "Password",
        Advice = "This password is too long. Use at most 128 characters.",
    };

    public static readonly AuthError PasswordTooCommon = new(400, "PASSWORD_TOO_COMMON",
        "This password is on the lists that attackers try first. Choose another, such as four random words.")
    {
        Field = "Password",
    };

    public static readonly AuthError PasswordIsPersonal = new(400, "PASSWORD_IS_PERSONAL",
        "Your password can't be your own name or email address. Choose another.")
    {
        Field = "Password",
    };

    public static readonly AuthError PasswordNotText = new(400, "PASSWORD_NOT_TEXT",
        "This password holds something that is not text. Type it again.")
    {
        Field = "Password",
    };

    public static readonly AuthError InvalidPassword = new(400, "INVALID_PASSWORD", "Invalid password")
    {
        Field = "CurrentPassword",
        Advice = "That is not your current password. Type it again.",
    };
}
