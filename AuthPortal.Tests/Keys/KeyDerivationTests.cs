using AuthPortal.Keys;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class KeyDerivationTests
{
    private static readonly KeyName Name = new("refresh", 1, 2, 3);

    [Fact]
    public void What_a_secret_derives_never_changes()
    {
        // Worked out apart from this code, by RFC 5869 with Python's hmac. Another outcome would end every session.
        var derived = Rings.Derivation(new KeyOptions { Secret = Rings.Old }).Derive(Name, 48);

        Assert.Equal(
            "091ec8cc994f776c4430b59d71ce6113996f72c406f59b9482f26aeedf43039d0e1d56ca945e9e8135931b7ca2970a0d",
            Convert.ToHexStringLower(derived));
    }

    [Fact]
    public void Two_names_never_share_an_encoding()
    {
        (string Issuer, KeyName Name)[] names =
        [
            ("https://a.example", Name),
            ("https://a.exampl", Name with { Purpose = "erefresh" }),
            ("https://a.exampler", Name with { Purpose = "efresh" }),
            ("https://a.example", Name with { Purpose = "refresh\0" }),
            ("https://a.example", Name with { Version = 11, Generation = 2 }),
            ("https://a.example", Name with { Version = 1, Generation = 12 }),
            ("https://a.example", Name with { Generation = 23, Epoch = 3 }),
            ("https://a.example", Name with { Generation = 3, Epoch = 2 }),
        ];

        var encodings = names.Select(each => Convert.ToHexString(KeyDerivation.Info(each.Issuer, each.Name)));

        Assert.Equal(names.Length, encodings.Distinct().Count());
    }

    [Fact]
    public void A_portal_without_a_public_url_derives_nothing() =>
        Assert.Throws<ArgumentException>(
            () => Rings.Derivation(new KeyOptions { Secret = Rings.Old }, publicUrl: "").Derive(Name, 32));
}
