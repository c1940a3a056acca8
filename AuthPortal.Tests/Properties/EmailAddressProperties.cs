using System.Globalization;
using System.Text;
using AuthPortal.Tests.Support;
using AuthPortal.Users;
using CsCheck;
using Dapper;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>One mailbox has one canonical form, whoever types it and wherever it has been.</summary>
public sealed class EmailAddressProperties(Portal portal) : IClassFixture<Portal>
{
    private const string Atoms = "abcxyzABCXYZ0189.!#$%&'*+-/=?^_`{|}~";

    private static readonly Gen<string> Label = Gen.Frequency(
        (6, Gen.String["abcxyz019-"].Select(s => s.Length > 12 ? s[..12] : s)),
        (4, Gen.OneOf(
            "example", "EXAMPLE", "bücher", "BÜCHER", "bu\u0308cher", "xn--bcher-kva", "XN--BCHER-KVA", "straße", "STRASSE",
            "ﬁsh", "ｅｘａｍｐｌｅ", "ex\u00ADample", "ex\u200Bample", "ex\uFE00ample", "\u212Aelvin", "İstanbul", "münchen", "例え",
            "إختبار", "πι", "xn--", "xn--a", "xn--0", "xn--zckzah", "xn--nxasmq6b", "xn--a-ecp", "xn--\u00FC", "-", "a_b", "١٢٣", "1",
            "a\u0300", "😀", "ß", "\u03C2", "\u0345", "\u1E9E")),
        (1, Texts.Any.Select(text => text.Length > 8 ? text[..8] : text)));

    private static readonly Gen<string> Domain = Gen.Select(
        Label.Array[1, 4],
        Gen.Frequency((8, "."), (1, "\u3002"), (1, "\uFF0E"), (1, "..")),
        (labels, dot) => string.Join(dot, labels));

    private static readonly Gen<string> Local = Gen.Frequency(
        (6, Gen.String[Atoms].Select(s => s.Length > 20 ? s[..20] : s)),
        (2, Gen.OneOf("ada", "Ada.Lovelace", "\u212Ada", "ａｄａ", "o'hara", "a..b", ".a", "ä", "ada\u0301", "\uFEFFada", "ﬁ")),
        (1, Texts.Any));

    private static readonly Gen<string> Address = Gen.Frequency(
        (12, Gen.Select(Local, Gen.Frequency((12, "@"), (1, "\uFF20"), (1, "@@"), (1, "")), Domain, (l, at, d) => l + at + d)),
        (1, Texts.Any));

    [Fact]
    public void Whatever_is_read_is_printable_short_and_read_again_as_itself() => Address.Hold(1_500, 100_000, typed =>
    {
        if (EmailAddress.TryParse(typed) is not { } email)
            return;

        Assert.InRange(email.Canonical.Length, 3, 254);
        Assert.All(email.Canonical, c => Assert.InRange(c, '!', '~'));
        Assert.Equal(email.Canonical.ToLowerInvariant(), email.Canonical);
        Assert.Single(email.Canonical, '@');
        Assert.DoesNotContain(email.Typed, char.IsControl);
        Assert.DoesNotContain(email.Typed, char.IsWhiteSpace);

        Assert.Equal(email, EmailAddress.TryParse(email.Typed));
        Assert.Equal(email.Canonical, EmailAddress.TryParse(email.Canonical)?.Canonical);
    });

    [Fact]
    public void Every_way_to_type_an_address_is_the_same_address() =>
        Gen.Select(Address, Gen.Int[0, int.MaxValue]).Hold(1_500, 100_000, sample =>
        {
            var (typed, seed) = sample;
            if (EmailAddress.TryParse(typed) is not { } email)
                return;
            foreach (var same in Respelt(typed, seed).Concat(Respelt(email.Typed, seed)).Concat(Respelt(email.Canonical, seed)))
            {
                // A longer spelling may be refused as too long; it may not be read as somebody else's.
                var other = EmailAddress.TryParse(same);
                Assert.True(other is null ? same.Length > 320 : other.Canonical == email.Canonical, Escaped(same));
            }
        });

    [Fact]
    public async Task PostgreSQL_keeps_both_forms_as_they_are()
    {
        var emails = new List<string>();
        Address.Array[200].Hold(5, 500, typed =>
        {
            var read = typed.Select(EmailAddress.TryParse).OfType<EmailAddress>().SelectMany(e => new[] { e.Typed, e.Canonical });
            lock (emails)
                emails.AddRange(read);
        });
        Assert.NotEmpty(emails);

        await using var source = NpgsqlDataSource.Create(portal.Database);
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("create temporary table kept (n int generated always as identity, email text)");
        await connection.ExecuteAsync("insert into kept (email) select unnest(@emails)", new { emails = emails.ToArray() });
        Assert.Equal(emails, await connection.QueryAsync<string>("select email from kept order by n"));
    }

    /// <summary>In other cases of its letters, as wide as Chinese ones, composed and decomposed, between blanks.</summary>
    private static IEnumerable<string> Respelt(string address, int seed)
    {
        yield return new string([.. address.Select((c, i) => Chosen(i) && char.IsAsciiLetterLower(c) ? (char)(c - 32) : c)]);
        yield return new string([.. address.Select((c, i) => Chosen(i) && char.IsAsciiLetterUpper(c) ? (char)(c + 32) : c)]);
        yield return new string([.. address.Select((c, i) => Chosen(i) && c is > ' ' and < '\u007F' ? (char)(c + 0xFEE0) : c)]);
        yield return address.Normalize(NormalizationForm.FormC);
        yield return address.Normalize(NormalizationForm.FormD);
        yield return address.Normalize(NormalizationForm.FormKC);
        yield return address.Normalize(NormalizationForm.FormKD);
        yield return $" \u00A0{address}\u3000 ";

        bool Chosen(int at) => (seed >> (at % 31) & 1) == 1;
    }

    private static string Escaped(string text) => string.Concat(text.Select(c =>
        c is > ' ' and < '\u007F' ? $"{c}" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}")));
}
