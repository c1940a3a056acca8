namespace AuthPortal.Web;

/// <summary>Every refusal the portal speaks. Codes and words that Better Auth has too are Better Auth's.</summary>
internal static class AuthErrors
{
    public static readonly AuthError InvalidEmailOrPassword =
        new(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password");

    public static readonly AuthError Unauthorized = new(401, "UNAUTHORIZED", "Unauthorized");

    public static readonly AuthError NotFound = new(404, "NOT_FOUND", "Not found");

    public static readonly AuthError UserAlreadyExists =
        new(422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email.");

    public static readonly AuthError InvalidEmail = new(400, "INVALID_EMAIL", "Invalid email");

    public static readonly AuthError PasswordTooShort = new(400, "PASSWORD_TOO_SHORT", "Password too short");

    public static readonly AuthError PasswordTooLong = new(400, "PASSWORD_TOO_LONG", "Password too long");

    public static readonly AuthError PasswordTooCommon = new(400, "PASSWORD_TOO_COMMON",
        "This password is on the lists that attackers try first. Choose another, such as four random words.");

    public static readonly AuthError PasswordIsPersonal = new(400, "PASSWORD_IS_PERSONAL",
        "Your password can't be your own name or email address. Choose another.");

    public static readonly AuthError PasswordNotText = new(400, "PASSWORD_NOT_TEXT",
        "The password holds half a character (a lone surrogate). Type it again.");

    /// <summary>The hashing queue is full; see <c>Passwords</c>.</summary>
    public static readonly AuthError TooBusy = new(503, "TOO_BUSY",
        "Too many people are signing in right now. Please try again in a few seconds.", TimeSpan.FromSeconds(2));
}
