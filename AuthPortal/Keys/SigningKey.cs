using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>An ES256 key pair made of derived bytes, named by its thumbprint.</summary>
internal sealed class SigningKey : IDisposable
{
    /// <summary>FIPS 186-5 A.2.1 asks for 64 bits more than the order has, to leave no bias; these are 128.</summary>
    public const int MaterialBytes = 48;

    private const int ScalarBytes = 32;

    // n of P-256: SP 800-186 §3.2.1.3.
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        isUnsigned: true, isBigEndian: true);

    private readonly ECDsa _pair;

    public SigningKey(ReadOnlySpan<byte> material, CryptoProviderFactory crypto)
    {
        _pair = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Scalar(material) });
        var point = _pair.ExportParameters(includePrivateParameters: false).Q;
        X = Base64Url.EncodeToString(point.X);
        Y = Base64Url.EncodeToString(point.Y);
        Key = new ECDsaSecurityKey(_pair) { KeyId = Thumbprint(X, Y), CryptoProviderFactory = crypto };
    }

    public ECDsaSecurityKey Key { get; }

    public string X { get; }

    public string Y { get; }

    public void Dispose() => _pair.Dispose();

    // FIPS 186-5 A.2.1: d = (c mod (n - 1)) + 1, so that 1 <= d <= n - 1 whatever c is.
    internal static byte[] Scalar(ReadOnlySpan<byte> material)
    {
        var scalar = (new BigInteger(material, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var bytes = new byte[ScalarBytes];
        scalar.TryWriteBytes(bytes.AsSpan(ScalarBytes - scalar.GetByteCount(isUnsigned: true)), out _,
            isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    // RFC 7638 §3.2: the required members alone, in this order, without white space.
    private static string Thumbprint(string x, string y) => Base64Url.EncodeToString(SHA256.HashData(
        Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
}
