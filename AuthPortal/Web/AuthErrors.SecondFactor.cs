namespace AuthPortal.Web;

// How a sign-in is proved: how lately, by what besides the password, and how often it may be tried.
internal static partial class AuthErrors
{
    /// <summary>RFC 9470 §3: the session is good, and too old for this.</summary>
    public static readonly AuthError SessionNotFresh = new(401, "SESSION_NOT_FRESH", "Session is not fresh")
    {
        Advice = "This needs a sign-in of the last ten minutes. Sign in again, or lead the person to /step-up.",
        Challenge = "Bearer error=\"insufficient_user_authentication\", "
            + "error_description=\"A sign-in of the last ten minutes is needed\", max_age=600",
    };

    public static readonly AuthError CredentialAccountNotFound =
        new(400, "CREDENTIAL_ACCOUNT_NOT_FOUND", "Credential account not found")
        {
            Advice = "This account has no password. Choose one with \"Forgot your password?\".",
        };

    public static readonly AuthError SecondFactorRequired =
        new(403, "SECOND_FACTOR_REQUIRED", "Second factor required")
        {
            Advice = "Your account must have a second factor. Sign in on the portal's own page to set one up.",
        };

    public static readonly AuthError TotpNotEnabled = new(400, "TOTP_NOT_ENABLED", "TOTP not enabled")
    {
        Advice = "No authenticator app is set up for this account.",
    };

    /// <summary>The same of a code that came later than ten minutes after the secret it is of.</summary>
    public static readonly AuthError TotpSetupTooLate = TotpNotEnabled with
    {
        Advice = "That took more than ten minutes, so there is a new key. Remove the entry from your app, scan the "
            + "code below, and type what the app shows then.",
    };

    public static readonly AuthError TotpAlreadyEnabled =
        new(400, "TOTP_ALREADY_ENABLED", "TOTP is already enabled")
        {
            Advice = "An authenticator app is set up already. Remove it first, to set up another.",
        };

    public static readonly AuthError TwoFactorNotEnabled =
        new(400, "TWO_FACTOR_NOT_ENABLED", "Two factor isn't enabled")
        {
            Advice = "No second factor is on for this account.",
        };

    public static readonly AuthError BackupCodesNotEnabled =
        new(400, "BACKUP_CODES_NOT_ENABLED", "Backup codes aren't enabled")
        {
            Advice = "This account has no recovery codes.",
        };

    public static readonly AuthError InvalidCode = new(401, "INVALID_CODE", "Invalid code")
    {
        Field = "Code",
        Advice = "That code is wrong, or was used already. Type the one that your app shows now; where it shows the "
            + "same one still, wait for the next.",
    };

    /// <summary>The same of an app's first, which cannot have been used.</summary>
    public static readonly AuthError InvalidFirstCode = InvalidCode with
    {
        Advice = "That code is wrong. Type the one that your app shows now.",
    };

    public static readonly AuthError InvalidTwoFactorCookie =
        new(401, "INVALID_TWO_FACTOR_COOKIE", "Invalid two factor cookie")
        {
            Advice = "Enter your password first: what waited for a code is over after five minutes.",
        };

    public static readonly AuthError OtpNotConfigured = new(400, "OTP_NOT_CONFIGURED", "OTP is not available")
    {
        Advice = "Codes are not sent by mail. Set up an authenticator app: \"method\": \"totp\".",
    };

    public static readonly AuthError InvalidBackupCode = new(401, "INVALID_BACKUP_CODE", "Invalid backup code")
    {
        Field = "Code",
        Advice = "That recovery code is wrong, or was used already. Check it, or use another.",
    };

    /// <summary>The portal's keys no longer open what is stored; its log says which setting that is about.</summary>
    public static readonly AuthError SecondFactorUnreadable = new(503, "SECOND_FACTOR_UNREADABLE",
        "Your authenticator app can't be checked right now. Use a passkey if you have one, or ask whoever runs the "
            + "portal.");
}
