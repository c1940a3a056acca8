using System.Buffers.Binary;
using AuthPortal.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Passwords;

/// <summary>Hashes that Better Auth, Supabase and ASP.NET Identity really made.</summary>
public sealed class ForeignHashTests
{
    public static TheoryData<string, string> Brought()
    {
        var data = new TheoryData<string, string>();
        foreach (var made in (IReadOnlyDictionary<string, string>[])
            [BroughtHashes.BetterAuth, BroughtHashes.Supabase, BroughtHashes.Younger])
        {
            foreach (var (password, hash) in made)
                data.Add(password, hash);
        }

        foreach (var (password, hash) in BroughtHashes.Others)
            data.Add(password, hash);
        foreach (var password in (string[])
            [BroughtHashes.Ascii, BroughtHashes.Umlaut, BroughtHashes.Emoji, BroughtHashes.NotNfkc])
        {
            data.Add(password, Identity(password));
            data.Add(password, Identity(password, PasswordHasherCompatibilityMode.IdentityV2));
        }

        return data;
    }

    [Theory, MemberData(nameof(Brought))]
    public async Task The_old_password_is_right_and_its_hash_outdated(string password, string hash)
    {
        await using var host = PasswordHost.With();
        var stored = host.Hasher.Adopt(hash);
        Assert.NotNull(stored);
        Assert.Equal(stored, host.Hasher.Adopt(stored));
        Assert.Equal(PasswordVerdict.RightButOutdated, await host.VerifyAsync(password, stored));
        Assert.Equal(PasswordVerdict.Wrong, await host.VerifyAsync($"{password}!", stored));
    }

    [Fact]
    public async Task Better_auth_sees_a_password_in_nfkc_and_the_others_as_it_was_typed()
    {
        await using var host = PasswordHost.With();
        var composed = BroughtHashes.NotNfkc.Normalize(System.Text.NormalizationForm.FormKC);
        Assert.NotEqual(PasswordVerdict.Wrong, await Verdict(BroughtHashes.BetterAuth[BroughtHashes.NotNfkc]));
        Assert.Equal(PasswordVerdict.Wrong, await Verdict(BroughtHashes.Younger[BroughtHashes.NotNfkc]));
        Assert.Equal(PasswordVerdict.Wrong, await Verdict(Identity(BroughtHashes.NotNfkc)));

        Task<PasswordVerdict> Verdict(string hash) => host.VerifyAsync(composed, host.Hasher.Adopt(hash));
    }

    [Fact]
    public async Task A_stored_hash_names_its_scheme()
    {
        await using var host = PasswordHost.With();
        Assert.StartsWith("better-auth-scrypt:", host.Hasher.Adopt(BroughtHashes.BetterAuth[BroughtHashes.Ascii]));
        Assert.StartsWith("$2a$10$", host.Hasher.Adopt(BroughtHashes.Supabase[BroughtHashes.Ascii]));
        Assert.StartsWith("identity-v3:AQAAAA", host.Hasher.Adopt(Identity("x")));
        Assert.StartsWith(
            "identity-v2:A", host.Hasher.Adopt(Identity("x", PasswordHasherCompatibilityMode.IdentityV2)));
    }

    public static TheoryData<string> Refused()
    {
        var scrypt = BroughtHashes.BetterAuth[BroughtHashes.Ascii];
        return new(
            "",
            "correct horse battery",
            "identity-v3:",
            "identity-v3:AQ==",
            "identity-v2:" + Identity("x"),
            "better-auth-scrypt:",
            scrypt.ToUpperInvariant(),
            scrypt[1..],
            scrypt + "0",
            "$2a$31$70DFhYzZVKl7./sM7yo4h.oUbyq84JQ7g5tmBBBnMCPEOoAb7M3LW",
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA",
            "$argon2id$v=19$m=999999,t=3,p=1$eNocNJBKIHx9/Rj5vopdBg$0cisz4E7SimxI1rf9K3JIA",
            "$argon2id$v=19$m=65536,t=99,p=1$eNocNJBKIHx9/Rj5vopdBg$0cisz4E7SimxI1rf9K3JIA",
            "$argon2d$v=19$m=65536,t=3,p=1$eNocNJBKIHx9/Rj5vopdBg$0cisz4E7SimxI1rf9K3JIA",
            "pbkdf2_sha256$9000000$saltsalt$7LcYnoAQYGCjS32SRGPRR5MpJVm+X5h1baHF4l9chno=",
            "pbkdf2_md5$260000$saltsalt$7LcYnoAQYGCjS32SRGPRR5MpJVm+X5h1baHF4l9chno=",
            "$P$ZJAylYcvcMaisOR/BnqrLWqOvdX3dq/",
            "$fbscrypt$v=1,n=30,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS",
            Demanding(iterations: int.MaxValue),
            Demanding(iterations: uint.MaxValue),
            Demanding(iterations: IdentityPbkdf2.MostIterations + 1),
            Demanding(iterations: 0),
            Demanding(prf: 3),
            Demanding(salt: 15),
            Demanding(salt: 33),
            Demanding(salt: uint.MaxValue),
            new string('A', 100_000));
    }

    [Theory, MemberData(nameof(Refused))]
    public async Task A_hash_that_is_damaged_or_asks_for_too_much_work_is_no_hash(string hash)
    {
        await using var host = PasswordHost.With();
        Assert.Null(host.Hasher.Adopt(hash));
        foreach (var stored in (string[])[hash, "identity-v3:" + hash])
            Assert.Equal((PasswordVerdict.Wrong, PasswordHost.LowRounds), await host.CountAsync("x", stored));
    }

    [Fact]
    public async Task A_wrong_password_takes_about_as_long_whatever_the_scheme()
    {
        await using var host = PasswordHost.AsConfigured(("Passwords:Cost", "11"));
        var scrypt = host.Hasher.Adopt(BroughtHashes.BetterAuth[BroughtHashes.Ascii]);
        var identity = host.Hasher.Adopt(Identity("x"));
        // What bcrypt does not spend, the other scheme does: 73 ms, and 100,000 iterations of SHA-512.
        Assert.Equal((PasswordVerdict.Wrong, 1024), await host.CountAsync("wrong", scrypt));
        var (_, rounds) = await host.CountAsync("wrong", identity);
        Assert.InRange(rounds, 1300, 1340);
        Assert.Equal((PasswordVerdict.Wrong, 2048), await host.CountAsync("", identity));
    }

    private static string Identity(
        string password,
        PasswordHasherCompatibilityMode mode = PasswordHasherCompatibilityMode.IdentityV3,
        int iterations = 100_000) =>
        new PasswordHasher<object>(
            Options.Create(new PasswordHasherOptions { CompatibilityMode = mode, IterationCount = iterations }))
            .HashPassword(new object(), password);

    /// <summary>A hash in Identity's form, with numbers that Identity would not have written.</summary>
    private static string Demanding(uint prf = 2, uint iterations = 100_000, uint salt = 16)
    {
        var bytes = Convert.FromBase64String(Identity("x", iterations: 1)); // its numbers are written over
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), prf);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), salt);
        return Convert.ToBase64String(bytes);
    }
}
