using AuthPortal.Passwords;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class PasswordHasherTests
{
    private const string PepperA = "pepper A, thirty-two bytes long or more";
    private const string PepperB = "pepper B, thirty-two bytes long or more";

    // "correct horse", made elsewhere at cost 4.
    private const string Imported = "$2b$04$" + ImportedRest;
    private const string ImportedRest = "abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";

    [Fact]
    public async Task A_password_is_right_and_another_is_wrong()
    {
        await using var host = PasswordHost.With();
        var stored = await host.HashAsync("correct horse");
        Assert.Equal(PasswordVerdict.Right, await host.VerifyAsync("correct horse", stored));
        Assert.Equal(PasswordVerdict.Wrong, await host.VerifyAsync("Correct horse", stored));
    }

    [Fact]
    public async Task The_stored_text_names_scheme_key_and_cost_and_differs_for_each_person()
    {
        await using var host = PasswordHost.AsConfigured(("Passwords:Cost", "10"));
        var one = await host.HashAsync("correct horse");
        var two = await host.HashAsync("correct horse");
        Assert.Matches(@"\Abcrypt-hmac-sha384:[0-9a-f]{8}:\$2a\$10\$[./A-Za-z0-9]{53}\z", one);
        Assert.NotEqual(one, two);
        Assert.Equal(one[..34], two[..34]);
    }

    [Theory]
    [InlineData('a', 72)]
    [InlineData('€', 24)]
    public async Task What_follows_the_72nd_byte_counts(char filler, int count)
    {
        await using var host = PasswordHost.With();
        var long72 = new string(filler, count);
        var stored = await host.HashAsync(long72 + "X");
        Assert.Equal(PasswordVerdict.Wrong, await host.VerifyAsync(long72 + "Y", stored));
        Assert.Equal(PasswordVerdict.Right, await host.VerifyAsync(long72 + "X", stored));
    }

    [Theory]
    [InlineData("caf\u00e9 au lait", "cafe\u0301 au lait")]
    [InlineData("\ufb01nally here", "finally here")]
    [InlineData("\uff50\uff41\uff53\uff53\u3000word", "pass word")]
    public async Task A_password_typed_on_another_keyboard_is_the_same(string typed, string again)
    {
        await using var host = PasswordHost.With();
        Assert.Equal(PasswordVerdict.Right, await host.VerifyAsync(again, await host.HashAsync(typed)));
    }

    [Theory]
    [InlineData("seven\0seas", "seven\0suns")]
    [InlineData(" spaces kept ", "spaces kept")]
    public async Task Any_character_counts(string password, string other)
    {
        await using var host = PasswordHost.With();
        var stored = await host.HashAsync(password);
        Assert.Equal(PasswordVerdict.Right, await host.VerifyAsync(password, stored));
        Assert.Equal(PasswordVerdict.Wrong, await host.VerifyAsync(other, stored));
    }

    [Fact]
    public async Task What_can_never_be_a_password_is_refused_and_verifies_as_wrong()
    {
        await using var host = PasswordHost.With();
        var stored = await host.HashAsync("correct horse");
        (string Password, AuthError Refusal)[] never =
        [
            ("", AuthErrors.PasswordTooShort(8)),
            ("lone \ud800 surrogate", AuthErrors.PasswordNotText),
            ("never a character \ufffe", AuthErrors.PasswordNotText),
            (new string('x', 129), AuthErrors.PasswordTooLong),
            (new string('x', 10_000_000), AuthErrors.PasswordTooLong),
        ];
        foreach (var (password, refusal) in never)
        {
            Assert.Equal(refusal, await host.RefusalToHashAsync(password));
            Assert.Equal((PasswordVerdict.Wrong, PasswordHost.LowRounds), await host.CountAsync(password, stored));
        }
    }

    [Fact]
    public async Task A_raised_cost_asks_for_a_new_hash_and_a_lowered_one_does_not()
    {
        await using var low = PasswordHost.With();
        await using var high = PasswordHost.At(PasswordHost.LowCost + 1);
        Assert.Equal(PasswordVerdict.RightButOutdated,
            await high.VerifyAsync("correct horse", await low.HashAsync("correct horse")));
        Assert.Equal(PasswordVerdict.Right,
            await low.VerifyAsync("correct horse", await high.HashAsync("correct horse")));
    }

    [Fact]
    public async Task A_pepper_set_later_locks_nobody_out()
    {
        await using var before = PasswordHost.With();
        await using var after = PasswordHost.With(("Passwords:Pepper:0", PepperA));
        var stored = await before.HashAsync("correct horse");
        Assert.Equal(PasswordVerdict.RightButOutdated, await after.VerifyAsync("correct horse", stored));
        Assert.Equal(PasswordVerdict.Wrong, await after.VerifyAsync("correct house", stored));
    }

    [Fact]
    public async Task A_pepper_is_rotated_by_listing_the_new_one_first_and_dropped_last()
    {
        await using var old = PasswordHost.With(("Passwords:Pepper:0", PepperA));
        await using var both = PasswordHost.With(("Passwords:Pepper:0", PepperB), ("Passwords:Pepper:1", PepperA));
        await using var dropped = PasswordHost.With(("Passwords:Pepper:0", PepperB));
        var stored = await old.HashAsync("correct horse");
        Assert.DoesNotContain(PepperA, stored, StringComparison.Ordinal);
        Assert.Equal(PasswordVerdict.RightButOutdated, await both.VerifyAsync("correct horse", stored));
        Assert.Equal(PasswordVerdict.Wrong, await dropped.VerifyAsync("correct horse", stored));
        Assert.Equal(PasswordVerdict.Right,
            await dropped.VerifyAsync("correct horse", await both.HashAsync("correct horse")));
    }

    [Theory]
    [InlineData("$2a$04$")]
    [InlineData("$2b$04$")]
    [InlineData("$2y$04$")]
    public async Task A_bcrypt_hash_brought_from_elsewhere_verifies_and_asks_for_a_new_one(string prefix)
    {
        await using var host = PasswordHost.With();
        var stored = prefix + ImportedRest;
        Assert.Equal(PasswordVerdict.RightButOutdated, await host.VerifyAsync("correct horse", stored));
        Assert.Equal((PasswordVerdict.Wrong, PasswordHost.LowRounds), await host.CountAsync("correct house", stored));
    }

    [Fact]
    public async Task An_imported_hash_sees_the_password_as_it_was_typed()
    {
        await using var host = PasswordHost.With();
        Assert.Equal(PasswordVerdict.Wrong, await host.VerifyAsync("correct\u3000horse", Imported));
    }
}
