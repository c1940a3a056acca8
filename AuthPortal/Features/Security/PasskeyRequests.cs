using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AuthPortal.Web;

namespace AuthPortal.Features.Security;

/// <summary>What a browser answers to the options of a registration.</summary>
public sealed record VerifyRegistrationRequest
{
    /// <summary>A <c>RegistrationResponseJSON</c> (WebAuthn level 3 §5.1.8).</summary>
    [JsonRequired]
    public JsonObject Response { get; init; } = [];

    /// <summary>What to call it; null or empty for nothing.</summary>
    [StringLength(PasskeyName.Longest, ErrorMessage = PasskeyName.TooLong), PlainText]
    public string? Name { get; init; }
}

/// <summary>Another name for a passkey.</summary>
public sealed record UpdatePasskeyRequest
{
    /// <summary>The caller's own.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true)]
    public string Id { get; init; } = "";

    /// <summary>1 to 100 UTF-16 units.</summary>
    [JsonRequired, Required(ErrorMessage = PasskeyName.Missing)]
    [StringLength(PasskeyName.Longest, ErrorMessage = PasskeyName.TooLong), PlainText]
    public string Name { get; init; } = "";
}

/// <summary>Which passkey is to go.</summary>
public sealed record DeletePasskeyRequest
{
    /// <summary>The caller's own.</summary>
    [JsonRequired, Required(AllowEmptyStrings = true)]
    public string Id { get; init; } = "";
}

internal static class PasskeyName
{
    public const int Longest = 100;

    public const string Missing = "Enter a name for the passkey.";

    public const string TooLong = "Enter a name of at most 100 characters.";
}
