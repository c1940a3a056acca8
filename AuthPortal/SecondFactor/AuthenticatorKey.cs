using System.Security.Cryptography;
using OtpNet;

namespace AuthPortal.SecondFactor;

/// <summary>
/// What the portal shares with somebody's authenticator app (RFC 6238): 160 bits (RFC 4226 §4), HMAC-SHA-1, thirty
/// seconds and six digits, since that is what every app understands.
/// </summary>
internal sealed class AuthenticatorKey
{
    private const int Bytes = 20;
    private const int Period = 30;
    private const int Digits = 6;

    // RFC 6238 §5.2: one step of network delay; and one ahead, for a phone whose clock is fast.
    private static readonly VerificationWindow Drift = new(previous: 1, future: 1);

    private readonly byte[] _secret;

    private AuthenticatorKey(byte[] secret) => _secret = secret;

    public static AuthenticatorKey New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <param name="text">As <see cref="Text"/> writes it.</param>
    public static AuthenticatorKey Parse(string text) => new(Base32Encoding.ToBytes(text));

    /// <summary>32 characters of Base32 (RFC 4648 §6): for typing in where no camera is at hand.</summary>
    public string Text => Base32Encoding.ToString(_secret);

    /// <summary>The same in groups of four, as people read it out.</summary>
    public string Grouped => string.Join(' ', Text.Chunk(4).Select(group => new string(group)));

    /// <summary>
    /// What the QR code says (the Key Uri Format of Google Authenticator). Blanks are <c>%20</c>: apps show a <c>+</c>
    /// as it is. A colon parts issuer and account, so neither has one.
    /// </summary>
    /// <param name="issuer">What the app lists the account under.</param>
    public string UriFor(string issuer, string account)
    {
        var (by, of) = (Escaped(issuer), Escaped(account));
        return $"otpauth://totp/{by}:{of}?secret={Text}&issuer={by}&digits={Digits}&period={Period}";
    }

    private static string Escaped(string part) =>
        Uri.EscapeDataString(part.Replace(':', ' ').Trim());

    /// <param name="code">As typed.</param>
    /// <returns>The time step whose code this is: now, or one to either side; null for none of them.</returns>
    public long? FindStep(string code, DateTimeOffset now)
    {
        var totp = new Totp(_secret, Period, OtpHashMode.Sha1, Digits);
        return totp.VerifyTotp(now.UtcDateTime, TypedCode.Fold(code), out var step, Drift) ? step : null;
    }
}
