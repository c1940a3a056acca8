using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Web;

namespace AuthPortal.Features.TwoFactor;

/// <summary>What a program sends to set up an authenticator app.</summary>
public sealed record EnableRequest
{
    /// <summary>The caller's; not needed just after signing in.</summary>
    public string? Password { get; init; }

    /// <summary>Better Auth's client may ask for codes by mail: <c>otp</c>.</summary>
    [AllowedValues("totp", "otp", ErrorMessage = "Invalid option: expected one of \"totp\"|\"otp\"")]
    public string Method { get; init; } = "totp";

    /// <summary>What the app lists the account under; null for the portal's own host.</summary>
    [StringLength(100, MinimumLength = 1), PlainText]
    public string? Issuer { get; init; }
}

/// <summary>What a program sends to change or see the second factor.</summary>
public sealed record ProofRequest
{
    /// <summary>The caller's; not needed just after signing in, and not enough once the second factor is on.</summary>
    public string? Password { get; init; }
}

/// <summary>A code, of the app or of those kept for the day it is lost.</summary>
public sealed record CodeRequest
{
    /// <summary>As typed.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true), StringLength(40)]
    public string Code { get; init; } = "";

    /// <summary>Whether this browser is to be asked for the password alone from now on.</summary>
    public bool TrustDevice { get; init; }
}
