using System.Numerics;
using System.Security.Cryptography;
using AuthPortal.Keys;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class SigningKeyTests
{
    private const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

    private static readonly BigInteger N = new(Convert.FromHexString(Order), isUnsigned: true, isBigEndian: true);

    public static TheoryData<string, string> Edges => new()
    {
        { "zero", "0" }, { "one", "1" },
        { "n - 2", "n-2" }, { "n - 1", "n-1" }, { "n", "n" },
        { "all ones", "max" },
    };

    [Theory, MemberData(nameof(Edges))]
    public void Every_material_gives_a_scalar_that_the_curve_takes(string name, string edge)
    {
        var material = Material(edge);

        var scalar = new BigInteger(SigningKey.Scalar(material), isUnsigned: true, isBigEndian: true);

        Assert.True(scalar >= 1 && scalar < N, name);
        using var key = new SigningKey(material, new CryptoProviderFactory());
        Assert.NotEmpty(key.Key.KeyId);
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("1", "2")]
    [InlineData("n-2", "n-1")]
    [InlineData("n-1", "1")]
    [InlineData("n", "2")]
    public void The_scalar_is_the_material_modulo_n_less_one_plus_one(string material, string expected) =>
        Assert.Equal(Material(expected)[16..], SigningKey.Scalar(Material(material)));

    [Fact]
    public void A_thousand_random_materials_stay_in_range()
    {
        for (var i = 0; i < 1000; i++)
        {
            var scalar = SigningKey.Scalar(RandomNumberGenerator.GetBytes(SigningKey.MaterialBytes));
            var number = new BigInteger(scalar, isUnsigned: true, isBigEndian: true);
            Assert.True(scalar.Length == 32 && number >= 1 && number < N);
        }
    }

    [Fact]
    public void The_name_of_a_key_is_its_thumbprint()
    {
        using var key = new SigningKey(Material("1"), new CryptoProviderFactory());

        Assert.Equal(Base64UrlEncoder.Encode(key.Key.ComputeJwkThumbprint()), key.Key.KeyId);
    }

    private static byte[] Material(string edge)
    {
        var number = edge switch
        {
            "n-2" => N - 2,
            "n-1" => N - 1,
            "n" => N,
            "max" => BigInteger.Pow(2, 8 * SigningKey.MaterialBytes) - 1,
            _ => BigInteger.Parse(edge, System.Globalization.CultureInfo.InvariantCulture),
        };
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[SigningKey.MaterialBytes - bytes.Length], .. bytes];
    }
}
