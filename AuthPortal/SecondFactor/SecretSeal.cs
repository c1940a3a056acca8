using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace AuthPortal.SecondFactor;

/// <summary>
/// Encrypts a person's secret for the table, by the framework's data protection under the portal's derived keys. It
/// opens for that person alone, so that a row copied to somebody else's opens nothing. What waits for its first code is
/// sealed for the ceremony that made it as well, and opens in no other.
/// </summary>
internal sealed partial class SecretSeal(IDataProtectionProvider protection, ILogger<SecretSeal> log)
{
    public string Seal(Guid userId, AuthenticatorKey key) => ProtectorOf(userId).Protect(key.Text);

    /// <returns>Null where it was sealed for somebody else, or under a secret that is no longer listed.</returns>
    public AuthenticatorKey? Open(Guid userId, string sealedText)
    {
        try
        {
            return AuthenticatorKey.Parse(ProtectorOf(userId).Unprotect(sealedText));
        }
        catch (CryptographicException)
        {
            LogUnreadable(log, userId);
            return null;
        }
    }

    /// <param name="ceremony">The session, or the half-done sign-in, that an app is set up in.</param>
    public string SealPending(Guid userId, Guid ceremony, string text) =>
        ProtectorOf(userId).CreateProtector(ceremony.ToString()).Protect(text);

    /// <returns>Null where it was sealed for somebody else or in another ceremony.</returns>
    public string? OpenPending(Guid userId, Guid ceremony, string sealedText)
    {
        try
        {
            return ProtectorOf(userId).CreateProtector(ceremony.ToString()).Unprotect(sealedText);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector ProtectorOf(Guid userId) =>
        protection.CreateProtector("AuthPortal.SecondFactor", userId.ToString());

    [LoggerMessage(LogLevel.Error,
        "Can't decrypt the authenticator secret of user {UserId}: the secret it was sealed under is missing from "
        + "BETTER_AUTH_SECRETS, or Portal__PublicUrl has changed")]
    private static partial void LogUnreadable(ILogger log, Guid userId);
}
