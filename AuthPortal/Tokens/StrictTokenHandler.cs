using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tokens;

/// <summary>
/// <see cref="JsonWebTokenHandler"/> without its leniency: one spelling per token, no unknown critical header,
/// every required claim there and of its type.
/// </summary>
internal sealed class StrictTokenHandler : JsonWebTokenHandler
{
    public static readonly StrictTokenHandler Instance = new()
    {
        MapInboundClaims = false,
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = MaxLength,
    };

    /// <summary>The key in <see cref="TokenValidationParameters.PropertyBag"/> of the claims a kind demands.</summary>
    public const string RequiredClaims = "required-claims";

    /// <summary>In characters: twice the largest token we make.</summary>
    public const int MaxLength = 8 * 1024;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    private static readonly JsonDocumentOptions OneOfEach = new() { AllowDuplicateProperties = false };

    private static readonly TokenValidationResult Refused = new()
    {
        IsValid = false,
        Exception = new SecurityTokenMalformedException("The token is not in its one canonical form."),
    };

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token, TokenValidationParameters validationParameters)
    {
        if (!IsCanonical(token))
            return Refused;

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (!result.IsValid)
            return result;

        var required = (IReadOnlyList<string>)validationParameters.PropertyBag[RequiredClaims];
        return HasItsClaims((JsonWebToken)result.SecurityToken, required) ? result : Refused;
    }

    /// <summary>
    /// Three base64url parts as RFC 7515 §2 writes them. The library also takes padding, blanks and stray bits in a
    /// part's last character, all of which would give one token several spellings.
    /// </summary>
    internal static bool IsCanonical(string? token)
    {
        if (token is not { Length: > 0 and <= MaxLength })
            return false;

        var parts = 0;
        foreach (var range in token.AsSpan().Split('.'))
        {
            if (++parts > 3 || !IsCanonicalPart(token.AsSpan()[range]))
                return false;
        }

        return parts == 3;
    }

    private static bool IsCanonicalPart(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part.Length % 4 == 1 || part.ContainsAnyExcept(Letters))
            return false;
        var unused = (part.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return (Alphabet.IndexOf(part[^1], StringComparison.Ordinal) & unused) == 0;
    }

    /// <summary>
    /// Reads the JSON anew: the library takes a number in quotes for a time, and the last of two claims of one name.
    /// </summary>
    private static bool HasItsClaims(JsonWebToken token, IReadOnlyList<string> required)
    {
        try
        {
            using var header = Parse(token.EncodedHeader);
            using var payload = Parse(token.EncodedPayload);
            var claims = payload.RootElement;

            // RFC 7515 §4.1.11: an extension marked critical that we don't know voids the token. We know none.
            return !header.RootElement.TryGetProperty("crit", out _)
                && Has(claims, "exp") && required.All(name => Has(claims, name))
                && (!claims.TryGetProperty("nbf", out _) || Has(claims, "nbf"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonDocument Parse(string part) => JsonDocument.Parse(Base64Url.DecodeFromChars(part), OneOfEach);

    private static bool Has(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind switch
        {
            JsonValueKind.Number => IsNumberOf(name, value),
            JsonValueKind.String => IsTextOf(name, value.GetString()!),
            JsonValueKind.True or JsonValueKind.False => name == "email_verified",
            _ => false,
        };

    private static bool IsNumberOf(string name, JsonElement value) => name switch
    {
        "ver" => value.TryGetInt32(out _),
        "exp" or "iat" or "nbf" or "auth_time" or "session_end" => value.TryGetInt64(out var at) && IsTime(at),
        "created_at" or "updated_at" or "challenged_at" => // to the millisecond
            value.TryGetDouble(out var at) && IsTime(at),
        _ => false,
    };

    private static bool IsTextOf(string name, string value) => name switch
    {
        "sub" or "sid" => Guid.TryParseExact(value, "D", out _),
        "jti" or "email" or "fingerprint" or "state" => value.Length > 0,
        _ => name == "name",
    };

    /// <summary>A NumericDate from 1970 to the last that a <see cref="DateTimeOffset"/> can hold.</summary>
    private static bool IsTime(double seconds) => seconds is >= 0 and < 253_402_300_799;
}
