namespace AuthPortal.Tokens;

/// <summary>
/// A kind of signed thing: its own type, audience and key (RFC 8725 §3.11-3.12), so that none passes for another.
/// </summary>
/// <param name="Type">The <c>typ</c> header.</param>
/// <param name="Audience">What follows the public URL in <c>aud</c>.</param>
/// <param name="Purpose">The name its key is derived under.</param>
/// <param name="RequiredClaims">Those without which it is refused, besides <c>iss</c>, <c>aud</c> and
///   <c>exp</c>.</param>
internal sealed record TokenKind(string Type, string Audience, string Purpose, IReadOnlyList<string> RequiredClaims)
{
    private static readonly string[] SessionClaims = ["iat", "sub", "jti", "sid", "ver", "auth_time", "session_end"];

    public static readonly TokenKind Refresh = new("refresh+jwt", "/refresh", "refresh", SessionClaims);

    private static readonly string[] LinkClaims = ["iat", "sub", "jti", "fingerprint"];

    public static readonly TokenKind EmailVerification =
        new("verify-email+jwt", "/verify-email", "verify-email", LinkClaims);

    /// <summary>Held by the browser that signed up, until the address is confirmed.</summary>
    public static readonly TokenKind SignUpBrowser =
        new("sign-up-browser+jwt", "/sign-up", "sign-up-browser", LinkClaims);

    public static readonly TokenKind PasswordReset =
        new("reset-password+jwt", "/reset-password", "reset-password", LinkClaims);

    public static readonly TokenKind EmailChange = new("change-email+jwt", "/change-email", "change-email", LinkClaims);

    public static readonly TokenKind EmailChangeUndo =
        new("undo-email-change+jwt", "/undo-email-change", "undo-email-change", LinkClaims);

    /// <summary>Takes away a passkey or an authenticator app that was added lately.</summary>
    public static readonly TokenKind FactorUndo = new("undo-factor+jwt", "/undo-factor", "undo-factor", LinkClaims);

    /// <summary>A password that was right, where more is asked for.</summary>
    public static readonly TokenKind PendingSignIn =
        new("pending-sign-in+jwt", "/pending-sign-in", "pending-sign-in", LinkClaims);

    public static readonly TokenKind TrustedDevice =
        new("trusted-device+jwt", "/trusted-device", "trusted-device", LinkClaims);

    /// <summary>Held by a browser that somebody signed in with.</summary>
    public static readonly TokenKind KnownDevice =
        new("known-device+jwt", "/known-device", "known-device", ["iat", "jti"]);

    public static readonly TokenKind AccountDeletion =
        new("delete-user+jwt", "/delete-user", "delete-user", LinkClaims);

    /// <summary>Held by the browser between an authenticator app's secret and its first code.</summary>
    public static readonly TokenKind AuthenticatorSetup =
        new("authenticator-setup+jwt", "/authenticator-setup", "authenticator-setup", ["iat", "state"]);

    /// <summary>Held by the browser until the next page has said what was just done.</summary>
    public static readonly TokenKind Notice = new("notice+jwt", "/notice", "notice", ["iat", "state"]);

    private static readonly string[] ChallengeClaims = ["iat", "state", "challenged_at"];

    /// <summary>Held by the browser between a passkey's options and the answer to them.</summary>
    public static readonly TokenKind PasskeyRegistration =
        new("passkey-registration+jwt", "/passkey-registration", "passkey-registration", ChallengeClaims);

    /// <summary>The same for an account that is not there yet.</summary>
    public static readonly TokenKind PasskeySignUp =
        new("passkey-sign-up+jwt", "/passkey-sign-up", "passkey-sign-up", ChallengeClaims);

    /// <summary>The same for signing in, so that an answer to the one is none to the other.</summary>
    public static readonly TokenKind PasskeyAssertion =
        new("passkey-assertion+jwt", "/passkey-assertion", "passkey-assertion", ChallengeClaims);

    /// <summary>RFC 9068 §2.1. Signed by the published key ring, not by a key of its own purpose.</summary>
    public const string AccessType = "at+jwt";

    /// <summary>All that <see cref="CurrentUser"/> reads: in HS256 mode other services may mint them.</summary>
    public static readonly IReadOnlyList<string> AccessClaims =
        [.. SessionClaims, "name", "email", "email_verified", "created_at", "updated_at"];
}
