using AuthPortal.Passwords;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>What endpoints of several features may answer, since they share the rule that answers it.</summary>
internal static class CommonRefusals
{
    /// <summary>Of <see cref="PasswordChoice"/>: a new password is judged, then hashed.</summary>
    public static readonly AuthError[] NewPassword =
    [
        AuthErrors.PasswordTooShort(PasswordOptions.ShortestMinimum),
        AuthErrors.PasswordTooLong,
        AuthErrors.PasswordTooCommon,
        AuthErrors.PasswordIsPersonal,
        AuthErrors.PasswordNotText,
        AuthErrors.TooBusy,
    ];

    /// <summary>Of <see cref="FreshProof"/> where it is given a password.</summary>
    public static readonly AuthError[] Password = [AuthErrors.InvalidPassword, AuthErrors.TooBusy];

    /// <summary>Of <see cref="FreshProof"/>, by a password or by how lately the caller signed in.</summary>
    public static readonly AuthError[] Proof = [AuthErrors.SessionNotFresh, .. Password];

    /// <summary>Of <see cref="Tokens.SessionIssuer"/>, for somebody whose proof was good.</summary>
    public static readonly AuthError[] SignIn = [AuthErrors.InvalidEmailOrPassword, AuthErrors.EmailNotVerified];
}
