using System.Buffers;
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

    private static readonly SearchValues<char> Base64Url = SearchValues.Create(Alphabet);

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
        if (part.IsEmpty || part.Length % 4 == 1 || part.ContainsAnyExcept(Base64Url))
            return false;
        var unused = (part.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return (Alphabet.IndexOf(part[^1], StringComparison.Ordinal) & unused) == 0;
    }

    private static bool HasItsClaims(JsonWebToken token, IReadOnlyList<string> required)
    {
        // RFC 7515 §4.1.11: an extension marked critical that we don't know voids the token. We know none.
        if (token.TryGetHeaderValue<object>("crit", out _))
            return false;

        return IsOfItsType(token, "exp") && required.All(name => IsOfItsType(token, name));
    }

    private static bool IsOfItsType(JsonWebToken token, string name) =>
        token.TryGetPayloadValue<object>(name, out var value) && name switch
        {
            "exp" or "iat" or "auth_time" or "session_end" => value is int or long,
            "ver" => value is int,
            "sub" or "sid" => Guid.TryParseExact(value as string, "D", out var _),
            _ => value is string { Length: > 0 },
        };
}
