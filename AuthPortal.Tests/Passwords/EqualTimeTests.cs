using AuthPortal.Passwords;
using Xunit;

namespace AuthPortal.Tests.Passwords;

/// <summary>Time is bcrypt's rounds: they are counted, since a clock would make the tests a matter of luck.</summary>
public sealed class EqualTimeTests
{
    private const string Salted = "abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";

    public static TheoryData<string?> Unreadable { get; } = new(
        null,
        "",
        " ",
        "password",
        "$2a$",
        "$2a$10$",
        "$2a$10$short",
        "$2a$1x$" + Salted,
        "$2a$\u0661\u0660$" + Salted,
        "$2a$03$" + Salted,
        "$2a$17$" + Salted,
        "$2a$31$" + Salted,
        "$2a$99$" + Salted,
        "$2x$10$" + Salted,
        "$1$10$" + Salted,
        "$2a$10$" + Salted + "\n",
        "$2a$10$" + Salted + "0",
        "$2a$10$" + "é" + Salted[1..],
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA",
        "bcrypt-hmac-sha384",
        "bcrypt-hmac-sha384:",
        "bcrypt-hmac-sha384:00000000",
        "bcrypt-hmac-sha384:00000000:",
        "bcrypt-hmac-sha384:00000000:$2a$10$" + Salted,
        "bcrypt-hmac-sha384::$2a$10$" + Salted,
        "bcrypt-hmac-sha384:$2a$10$" + Salted,
        "BCRYPT-HMAC-SHA384:00000000:$2a$10$" + Salted,
        "bcrypt-hmac-sha512:00000000:$2a$10$" + Salted,
        "\0",
        new string('$', 100_000));

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_missing_or_damaged_hash_is_an_ordinary_wrong_password(string? stored)
    {
        await using var host = PasswordHost.With();
        Assert.Equal((PasswordVerdict.Wrong, PasswordHost.LowRounds), await host.CountAsync("correct horse", stored));
    }

    [Fact]
    public async Task A_hash_of_ours_damaged_anywhere_never_throws()
    {
        await using var host = PasswordHost.With();
        var stored = await host.HashAsync("correct horse");
        foreach (var at in new[] { 0, 18, 22, 27, 31, 40, stored.Length - 1 })
        {
            var damaged = stored[..at] + "~" + stored[(at + 1)..];
            Assert.Equal((PasswordVerdict.Wrong, PasswordHost.LowRounds), await host.CountAsync("correct horse", damaged));
        }
    }

    [Fact]
    public async Task A_wrong_password_costs_today_s_rounds_whatever_the_stored_cost()
    {
        await using var low = PasswordHost.With();
        await using var high = PasswordHost.At(7);
        var stored = await low.HashAsync("correct horse");
        Assert.Equal((PasswordVerdict.Wrong, 1L << 7), await high.CountAsync("correct house", stored));
        Assert.Equal((PasswordVerdict.Wrong, 1L << 7), await high.CountAsync("correct house", null));
        Assert.Equal((PasswordVerdict.Wrong, 1L << 7), await high.CountAsync("", stored));
    }

    [Fact]
    public async Task An_empty_password_costs_what_a_wrong_one_does_where_the_stored_cost_is_higher()
    {
        await using var low = PasswordHost.With();
        await using var high = PasswordHost.At(6);
        var stored = await high.HashAsync("correct horse");
        Assert.Equal((PasswordVerdict.Wrong, 1L << 6), await low.CountAsync("correct house", stored));
        Assert.Equal((PasswordVerdict.Wrong, 1L << 6), await low.CountAsync("", stored));
    }

    [Fact]
    public void Spent_and_missing_rounds_add_up_exactly()
    {
        for (var today = PasswordOptions.LowestCost; today <= PasswordOptions.HighestCost; today++)
        {
            Assert.Equal([today], Bcrypt.CostsOf(1L << today));
            for (var spent = 4; spent <= today; spent++)
                Assert.Equal(1L << today, (1L << spent) + Rounds(Bcrypt.CostsOf((1L << today) - (1L << spent))));
            Assert.InRange(Rounds(Bcrypt.CostsOf((1L << today) - 123)), (1L << today) - 123 - 15, (1L << today) - 123);
        }
    }

    private static long Rounds(IEnumerable<int> costs) => costs.Sum(cost => 1L << cost);
}
