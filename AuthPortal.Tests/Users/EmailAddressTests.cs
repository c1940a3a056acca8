using AuthPortal.Users;
using Xunit;

namespace AuthPortal.Tests.Users;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ada@example.com", "ada@example.com")]
    [InlineData("  Ada.Lovelace+tag@Example.COM ", "ada.lovelace+tag@example.com")]
    [InlineData("ada@bücher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@BÜCHER.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada＠example.com", "ada@example.com")] // U+FF20: an @ once normalised (CVE-2026-73420)
    [InlineData("ada@example。com", "ada@example.com")] // U+3002: a dot in IDNA
    [InlineData("\u212Ada@example.com", "kda@example.com")] // the Kelvin sign is a K (CVE-2019-19844)
    [InlineData("o'hara@example.com", "o'hara@example.com")]
    public void An_address_has_one_canonical_form(string typed, string canonical) =>
        Assert.Equal(canonical, EmailAddress.TryParse(typed)?.Canonical);

    [Fact]
    public void What_was_typed_is_kept_for_mail() =>
        Assert.Equal("Ada@Example.COM", EmailAddress.TryParse(" Ada@Example.COM ")?.Typed);

    [Fact]
    public void Invisible_characters_in_a_domain_are_kept_in_neither_form() =>
        Assert.Equal(
            new EmailAddress("Ada@bücher.example", "ada@xn--bcher-kva.example"),
            EmailAddress.TryParse("Ada@bü\u00ADcher.ex\uFE00ample"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@")]
    [InlineData("ada@localhost")]
    [InlineData("ada@@example.com")]
    [InlineData("ada@example.com,eve@evil.test")]
    [InlineData("ada@evil.test,eve@example.com")]
    [InlineData("\"ada@evil.test\"@example.com")]
    [InlineData("Ada <ada@example.com>")]
    [InlineData("<ada@example.com>")]
    [InlineData("ada@example.com\0")]
    [InlineData("ada@example.com\r\nBcc: eve@evil.test")]
    [InlineData("ada\t@example.com")]
    [InlineData("ada @example.com")]
    [InlineData(".ada@example.com")]
    [InlineData("ada.@example.com")]
    [InlineData("a..da@example.com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@example-.com")]
    [InlineData("ada@example..com")]
    [InlineData("ada@.example.com")]
    [InlineData("ada@[127.0.0.1]")]
    [InlineData("ada@exa_mple.com")]
    [InlineData("ädä@example.com")] // no local part outside ASCII: mailers disagree on them
    [InlineData("\u0131da@example.com")] // dotless i, which some databases fold to i
    [InlineData("\uD800@example.com")]
    [InlineData("ada@example.com\uFFFE")]
    [InlineData("ada@0b--9a.ex\uFE00ample")] // no internationalised name, though each half is one
    public void What_is_no_single_plain_mailbox_is_refused(string? typed) => Assert.Null(EmailAddress.TryParse(typed));

    [Theory]
    [InlineData(64, 180, true)]
    [InlineData(65, 20, false)]
    [InlineData(64, 200, false)]
    public void Lengths_are_those_of_the_mail_system(int local, int domain, bool accepted)
    {
        var labels = string.Join('.', Enumerable.Repeat(new string('d', 9), domain / 10));
        Assert.Equal(accepted, EmailAddress.TryParse($"{new string('a', local)}@{labels}.test") is not null);
    }

    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("Ada@BÜCHER.example")]
    public void Parsing_the_canonical_form_changes_nothing(string typed)
    {
        var canonical = EmailAddress.TryParse(typed)!.Canonical;
        Assert.Equal(canonical, EmailAddress.TryParse(canonical)!.Canonical);
    }
}
