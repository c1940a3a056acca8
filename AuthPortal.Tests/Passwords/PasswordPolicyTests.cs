using System.Text;
using AuthPortal.Passwords;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class PasswordPolicyTests
{
    private const string Email = "Ada.Lovelace@Example.com";
    private const string Name = "Ada Lovelace";

    [Theory]
    [InlineData("four random words here")]
    [InlineData("hj3kwq8z")]
    [InlineData("        ")]
    [InlineData("пароль-мой")]
    [InlineData("🐎🔋📎🍀🎲🧭🪁🫖")]
    [InlineData("nul\0inside")]
    public async Task Any_eight_characters_will_do(string password) => Assert.Null(await CheckAsync(password));

    [Theory]
    [InlineData("")]
    [InlineData("sevenxx")]
    [InlineData("🐎🔋📎🍀🎲🧭🪁")]
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301")]
    public async Task Seven_characters_are_too_few_however_many_bytes(string password) =>
        Assert.Equal(AuthErrors.PasswordTooShort(8), await CheckAsync(password));

    [Fact]
    public async Task A_hundred_and_twenty_eight_characters_are_the_most_after_nfkc()
    {
        Assert.Null(await CheckAsync(Repeat("🐎", 128)));
        Assert.Null(await CheckAsync(Repeat("e\u0301", 128)));
        Assert.Null(await CheckAsync(Repeat("\u03b1\u0313\u0300\u0345", 128)));
        Assert.Equal(AuthErrors.PasswordTooLong, await CheckAsync(Repeat("🐎", 129)));
        Assert.Equal(AuthErrors.PasswordTooLong, await CheckAsync(Repeat("\ufb01", 65)));
        Assert.Equal(AuthErrors.PasswordTooLong, await CheckAsync(Repeat("x", 10_000_000)));
    }

    [Fact]
    public async Task Half_a_character_is_not_text()
    {
        // No InlineData: attributes are stored in UTF-8, which has no lone surrogates.
        Assert.Equal(AuthErrors.PasswordNotText, await CheckAsync("lone \ud800 surrogate"));
        Assert.Equal(AuthErrors.PasswordNotText, await CheckAsync("at the very end \udc00"));
        Assert.Equal(AuthErrors.PasswordNotText, await CheckAsync("never a character \ufffe"));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord1")]
    [InlineData("ｐａｓｓｗｏｒｄ")]
    [InlineData("1234567890")]
    [InlineData("iloveyou")]
    [InlineData("AuthPortal")]
    public async Task A_common_password_is_refused_in_any_dress(string password) =>
        Assert.Equal(AuthErrors.PasswordTooCommon, await CheckAsync(password));

    [Theory]
    [InlineData("ada.lovelace@example.com")]
    [InlineData("ADA.LOVELACE@EXAMPLE.COM")]
    [InlineData("ada.lovelace")]
    [InlineData("ada lovelace")]
    [InlineData("  Ada\u00a0Lovelace ")]
    public async Task One_s_own_address_or_name_is_refused(string password) =>
        Assert.Equal(AuthErrors.PasswordIsPersonal, await CheckAsync(password));

    [Fact]
    public async Task Without_address_and_name_the_rest_is_still_checked()
    {
        await using var host = PasswordHost.With();
        Assert.Null(host.Policy.Check("        ", null, null));
        Assert.Null(host.Policy.Check("hj3kwq8z", "not an address", "half a name \ud800"));
        Assert.Equal(AuthErrors.PasswordTooCommon, host.Policy.Check("password", null, null));
    }

    [Fact]
    public async Task A_longer_minimum_can_be_asked_for()
    {
        await using var host = PasswordHost.With(("Passwords:MinimumLength", "15"));
        foreach (var tooShort in (string[])["", "fourteen chars"])
            Assert.Equal(AuthErrors.PasswordTooShort(15), host.Policy.Check(tooShort, Email, Name));
        Assert.Contains("at least 15 characters", $"{AuthErrors.PasswordTooShort(15).Advice}", StringComparison.Ordinal);
        Assert.StartsWith("At least 15 characters.", $"{host.Policy.Hint}", StringComparison.Ordinal);
        Assert.Null(host.Policy.Check("fifteen charact", Email, Name));
    }

    [Fact]
    public void The_list_holds_thousands_that_the_length_rule_would_let_through()
    {
        var list = CommonPasswords.Read().ToList();
        Assert.InRange(list.Count, 3_000, 30_000);
        Assert.Equal(list.Order(StringComparer.Ordinal).Distinct(), list);
        Assert.All(list, password =>
        {
            Assert.Equal(password.Normalize(NormalizationForm.FormKC).ToLowerInvariant(), password);
            Assert.InRange(password.EnumerateRunes().Count(), 8, 128);
            Assert.True(CommonPasswords.Contains(password));
        });
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static async Task<AuthError?> CheckAsync(string password)
    {
        await using var host = PasswordHost.With();
        return host.Policy.Check(password, Email, Name);
    }
}
