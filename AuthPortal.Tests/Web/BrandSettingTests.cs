using AuthPortal.Mail;
using AuthPortal.Tests.Support;
using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>A brand that can't be shown is refused at start, in words that say what to set.</summary>
public sealed class BrandSettingTests
{
    [Theory]
    [InlineData("Name", "Acme\r\nBcc: eve@example.com", "Brand__Name must be one line of at most 40 characters")]
    [InlineData("Name", " Acme", "no blank at its ends")]
    [InlineData("Accent", "crimson", "it must be a colour as #rgb or #rrggbb, such as #0a7d4f.")]
    [InlineData("Accent", "#777777", "white text has a contrast of 4.47:1")]
    [InlineData("Logo", "http://cdn.example.com/logo.svg", "must have an https:// address")]
    [InlineData("Logo", "https://cdn.example.com/lo go.svg", "must have an https:// address")]
    [InlineData("Logo", "/no/such/logo.svg", "there is no such file")]
    [InlineData("Logo", "/etc/passwd", "it must be an .svg, .png, .webp or .jpg file")]
    [InlineData("Terms", "javascript:alert(1)", "the address of a page")]
    [InlineData("Terms", "/terms", "the address of a page")]
    [InlineData("Privacy", "mailto:dpo@example.com", "the address of a page")]
    [InlineData("Support", "help@example.com", "mailto:help@example.com")]
    public void What_is_wrong_is_named_and_mended_in_words(string setting, string value, string expected)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Read<BrandOptions>(($"Brand:{setting}", value)));

        var failure = Assert.Single(refused.Failures);

        Assert.StartsWith($"Brand__{setting} ", failure, StringComparison.Ordinal);
        Assert.Contains(expected, failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_logo_that_every_page_would_wait_for_is_refused()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.png");
        File.WriteAllBytes(file, new byte[101 * 1024]);

        var refused = Assert.Throws<OptionsValidationException>(() => Read<BrandOptions>(("Brand:Logo", file)));

        Assert.Contains("it has 101 KB", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void Mail_comes_from_the_brand_unless_it_has_a_name_of_its_own()
    {
        Assert.Equal("AuthPortal", Read<MailOptions>().FromName);
        Assert.Equal("Acme", Read<MailOptions>(("Brand:Name", "Acme")).FromName);
        Assert.Equal("Acme Accounts", Read<MailOptions>(("Brand:Name", "Acme"), ("Mail:FromName", "Acme Accounts")).FromName);
    }

    private static T Read<T>(params (string Key, string Value)[] settings)
        where T : class => OptionsOf.Read<T>(
            builder =>
            {
                builder.AddBrand();
                builder.AddMail();
            },
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
}
