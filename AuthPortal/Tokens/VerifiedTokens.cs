using System.Security.Cryptography;
using System.Text;
using AuthPortal.Keys;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static System.Buffers.Binary.BinaryPrimitives;

namespace AuthPortal.Tokens;

/// <summary>
/// Judges access tokens, and pays for each signature once: one that was found good is known by its SHA-256 until it
/// ends, or other keys count. Its time is judged at every use, and whether its session was ended is asked elsewhere.
/// All rules but those of time must be the same at each call: a verdict is kept whatever they were.
/// </summary>
internal sealed class VerifiedTokens(KeyRing keys, IOptions<TokenOptions> options, TimeProvider clock)
    : TokenHandler, IDisposable
{
    private readonly MemoryCache? _known = options.Value.VerifiedCacheSize is > 0 and var size
        ? new MemoryCache(new MemoryCacheOptions { SizeLimit = size })
        : null;

    // In characters. A longer one takes the places of several: or who has a long name would fill the memory.
    private const int UsualLength = 1024;

    // Whose signatures the known ones bear.
    private HeldKeys? _keys;

    /// <returns>Null for one that was not seen before, or has ended.</returns>
    public JsonWebToken? Find(string token) => (JsonWebToken?)FindResult(token)?.SecurityToken;

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token, TokenValidationParameters validationParameters)
    {
        if (FindResult(token) is { } known)
            return IsCurrent((JsonWebToken)known.SecurityToken, validationParameters) ? known : Refused;

        var held = keys.Current;
        var result = await StrictTokenHandler.Instance.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid && held == keys.Current)
            Keep(token, result, held);
        return result;
    }

    public void Dispose() => _known?.Dispose();

    private static readonly TokenValidationResult Refused = new()
    {
        IsValid = false,
        Exception = new SecurityTokenInvalidLifetimeException("The token is not for now."),
    };

    private static bool IsCurrent(JsonWebToken token, TokenValidationParameters rules) =>
        rules.LifetimeValidator(token.ValidFrom, token.ValidTo, token, rules);

    private TokenValidationResult? FindResult(string token)
    {
        if (_known is null || token.Length > StrictTokenHandler.MaxLength || !IsSignedByCurrentKeys())
            return null;
        return _known.TryGetValue(Digest.Of(token), out TokenValidationResult? result)
            && clock.GetUtcNow().UtcDateTime < result!.SecurityToken.ValidTo ? result : null;
    }

    private bool IsSignedByCurrentKeys()
    {
        var current = keys.Current;
        if (Volatile.Read(ref _keys) == current)
            return true;
        _known!.Clear();
        Volatile.Write(ref _keys, current);
        return false;
    }

    private void Keep(string token, TokenValidationResult result, HeldKeys held)
    {
        if (_known is null)
            return;
        _ = result.ClaimsIdentity; // made when it is first asked for, which must not be by two requests at once
        var digest = Digest.Of(token);
        _known.Set(digest, result, new MemoryCacheEntryOptions
        {
            Size = 1 + (token.Length / UsualLength),
            AbsoluteExpiration = result.SecurityToken.ValidTo,
        });

        // Others may have emptied it in between, for keys that this one is not signed by.
        if (held != keys.Current)
            _known.Remove(digest);
    }

    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        /// <summary>What is not ASCII becomes a question mark, which no token has that was found good.</summary>
        public static Digest Of(string token)
        {
            var text = token.Length <= UsualLength ? stackalloc byte[UsualLength] : new byte[token.Length];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text[..Encoding.ASCII.GetBytes(token, text)], hash);
            return new Digest(ReadUInt128BigEndian(hash), ReadUInt128BigEndian(hash[16..]));
        }
    }
}
