using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>The keys of one purpose: the first signs, all verify.</summary>
internal sealed class PurposeKeys(IReadOnlyList<SecurityKey> keys, string algorithm)
{
    private readonly FrozenDictionary<string, SecurityKey[]> _byKid =
        keys.ToFrozenDictionary(key => key.KeyId, key => new[] { key });

    public SigningCredentials Signing { get; } = new(keys[0], algorithm);

    /// <summary>Exactly the key of that name, or none: a token that names no key is not tried against all.</summary>
    public IEnumerable<SecurityKey> Find(string? kid) =>
        kid is not null && _byKid.TryGetValue(kid, out var found) ? found : [];
}
