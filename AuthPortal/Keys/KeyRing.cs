using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>The keys that sign and verify now. Derived, never stored; changed by the calendar.</summary>
internal sealed class KeyRing(KeyDerivation derivation, IOptions<KeyOptions> options, TimeProvider clock) : IDisposable
{
    private const int FingerprintBytes = 32;

    private readonly KeyOptions _options = options.Value;
    private readonly Lock _change = new();
    private volatile HeldKeys? _held;

    /// <summary>ES256, or HS256 where services share a secret.</summary>
    public string AccessAlgorithm => _options.Algorithm;

    public SigningCredentials AccessSigning => Held.AccessSigning;

    /// <summary>What <c>/.well-known/jwks.json</c> serves.</summary>
    public JwksDocument Published => Held.Published;

    /// <summary>For the log: what a change of secret, generation, algorithm or epoch has led to.</summary>
    public KeysInUse InUse
    {
        get
        {
            var held = Held;
            var signing = new KeyName("", derivation.Versions[0], _options.Generation, held.Epoch);
            var kid = held.AccessSigning.Key.KeyId;
            var told = $"{AccessAlgorithm} {kid} {signing.Label} {_options.SharedSecret}";
            var fingerprint = SHA256.HashData(
            [
                .. derivation.Versions.SelectMany(version =>
                    derivation.Derive(new KeyName("fingerprint", version, 0, 0), FingerprintBytes)),
                .. Encoding.UTF8.GetBytes(told),
            ]);
            return new KeysInUse(
                AccessAlgorithm, kid, signing.Label, string.Join(' ', derivation.Versions), fingerprint);
        }
    }

    /// <summary>Another object as soon as other keys count.</summary>
    public HeldKeys Current => Held;

    private HeldKeys Held => _held is { } held && held.Epoch == Epoch ? held : Change();

    // Whole periods since 1970, so that all instances turn over at the same moment.
    private long Epoch => (clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) / _options.Rotate.Ticks;

    /// <summary>The access key of that name, or none.</summary>
    public IEnumerable<SecurityKey> FindAccessKeys(string? kid) => Held.FindAccessKeys(kid);

    /// <summary>What signs for a purpose of its own (HS256), such as <c>refresh</c>; never published.</summary>
    public SigningCredentials Signing(string purpose) => Held.Of(purpose).Signing;

    /// <summary>That purpose's key of that name, or none.</summary>
    public IEnumerable<SecurityKey> Find(string purpose, string? kid) => Held.Of(purpose).Find(kid);

    public void Dispose() => _held?.Dispose();

    private HeldKeys Change()
    {
        lock (_change)
        {
            // What was held before is left to the finalizer: a request under way may still verify with it.
            var epoch = Epoch;
            if (_held is not { } held || held.Epoch != epoch)
                _held = held = new HeldKeys(derivation, _options, epoch);
            return held;
        }
    }
}
