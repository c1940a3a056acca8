using System.Collections.Concurrent;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>
/// What is held during one epoch: of every listed secret the generation and the epoch with their neighbours.
/// It never changes; the next epoch brings its own.
/// </summary>
internal sealed class HeldKeys : IDisposable
{
    private const string SharedKid = "shared";
    private const int HmacBytes = 32;

    // Not the default factory, whose cache outlives us and would hand our keys to another ring that derived the same.
    private readonly CryptoProviderFactory _crypto = new();
    private readonly ConcurrentDictionary<string, PurposeKeys> _purposes = new();
    private readonly KeyDerivation _derivation;
    private readonly KeyOptions _options;
    private readonly SigningKey[] _pairs;
    private readonly bool _shared;
    private readonly PurposeKeys _access;

    public HeldKeys(KeyDerivation derivation, KeyOptions options, long epoch)
    {
        _derivation = derivation;
        _options = options;
        Epoch = epoch;
        _shared = options.Algorithm == SecurityAlgorithms.HmacSha256;
        _pairs = _shared ? [] : [.. Names("ES256:access").Select(Pair)];
        _access = _shared
            ? new PurposeKeys([Hmac(Encoding.UTF8.GetBytes(options.SharedSecret!), SharedKid)], options.Algorithm)
            : new PurposeKeys([.. _pairs.Select(pair => pair.Key)], options.Algorithm);
        Published = JwksDocument.Of(_pairs);
    }

    public long Epoch { get; }

    public JwksDocument Published { get; }

    public SigningCredentials AccessSigning => _access.Signing;

    // A service that shares the secret may mint without a kid: there is but one key.
    public IEnumerable<SecurityKey> FindAccessKeys(string? kid) => _access.Find(_shared ? kid ?? SharedKid : kid);

    public PurposeKeys Of(string purpose) =>
        _purposes.GetOrAdd(purpose, static (purpose, held) => held.Derive(purpose), this);

    public void Dispose()
    {
        (_crypto.CryptoProviderCache as IDisposable)?.Dispose();
        foreach (var pair in _pairs)
            pair.Dispose();
    }

    // Behind a prefix, so that no purpose can spell the name of a published key.
    private PurposeKeys Derive(string purpose) => new(
        [.. Names("HS256:" + purpose).Select(name => Hmac(_derivation.Derive(name, HmacBytes), name.Label))],
        SecurityAlgorithms.HmacSha256);

    private SigningKey Pair(KeyName name) =>
        new(_derivation.Derive(name, SigningKey.MaterialBytes), _crypto);

    private SymmetricSecurityKey Hmac(byte[] bytes, string kid) =>
        new(bytes) { KeyId = kid, CryptoProviderFactory = _crypto };

    // The one that signs comes first.
    private IEnumerable<KeyName> Names(string purpose) =>
        from version in _derivation.Versions
        from generation in WithNeighbours(_options.Generation)
        from epoch in WithNeighbours(Epoch)
        select new KeyName(purpose, version, generation, epoch);

    private static IEnumerable<long> WithNeighbours(long number) =>
        new[] { number, number - 1, number + 1 }.Where(each => each >= 0);
}
