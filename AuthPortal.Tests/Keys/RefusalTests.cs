using System.Security.Cryptography;
using AuthPortal.Keys;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class RefusalTests
{
    private const string Short = "Rr8yTz3mQ1sVhXcK6pLwEoJ4uGd0a1b";

    public static TheoryData<string> Samples =>
    [
        "better-auth-secret-12345678901234567890", "change-me-change-me-change-me-change-me-1",
        "CHANGE_ME_TO_SOMETHING_LONG_AND_RANDOM", "your-secret-key-at-least-32-characters-long",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "secretsecretsecretsecretsecretsecret",
        "hunter2!hunter2!hunter2!hunter2!", "0123456789abcdef0123456789abcdef",
        "this-is-only-an-example-of-what-to-set", "qwertyuiopasdfghjklzxcvbnmqwertyuiop",
        "lovelace1815lovelace1815lovelace1815!", "aaaabbbbccccddddeeeeffffgggghhhhiiii", "zyxwvutsrqponmlkjihgfedcba987654",
    ];

    public static TheoryData<string> Malformed =>
    [
        Rings.New, $"2:{Rings.New},{Rings.Old}", $"2:{Rings.New},2:{Rings.Old}", $"0:{Rings.New}", $"-1:{Rings.New}",
        $"two:{Rings.New}", $"2:{Rings.New},", $"2:,1:{Rings.Old}", $"99999999999:{Rings.New}",
    ];

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Without_a_secret_the_start_is_refused(string environment) =>
        await RefusedAsync("BETTER_AUTH_SECRET is not set", [], environment);

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_secret_under_32_bytes_is_refused(string environment) =>
        await RefusedAsync("BETTER_AUTH_SECRET holds", new() { ["BETTER_AUTH_SECRET"] = Short }, environment);

    [Fact]
    public async Task A_short_secret_is_refused_wherever_it_is_listed() => await RefusedAsync(
        "BETTER_AUTH_SECRETS holds", new() { ["BETTER_AUTH_SECRETS"] = $"2:{Rings.New},1:{Short}" });

    [Theory, MemberData(nameof(Samples))]
    public async Task A_sample_value_is_refused_outside_development(string sample)
    {
        await RefusedAsync("BETTER_AUTH_SECRET holds a sample", new() { ["BETTER_AUTH_SECRET"] = sample });
        await RefusedAsync("BETTER_AUTH_SECRET holds a sample", new() { ["BETTER_AUTH_SECRET"] = sample }, "Staging");
        await AcceptedAsync(new() { ["BETTER_AUTH_SECRET"] = sample }, "Development");
    }

    /// <summary>Random secrets come in base64, in hexadecimal, or as digits alone.</summary>
    [Fact]
    public void Of_100_000_random_values_none_is_taken_for_a_sample()
    {
        for (var n = 0; n < 100_000; n++)
        {
            var bytes = RandomNumberGenerator.GetBytes(32);
            var value = (n % 3) switch
            {
                0 => Convert.ToBase64String(bytes),
                1 => Convert.ToHexString(bytes, 0, 16),
                _ => RandomNumberGenerator.GetString("0123456789", 32),
            };
            Assert.True(SecretRules.Problem("it", value, samplesAllowed: false) is null, value);
        }
    }

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_list_that_cannot_be_read_is_refused(string list) =>
        await RefusedAsync("BETTER_AUTH_SECRETS must read", new() { ["BETTER_AUTH_SECRETS"] = list });

    [Fact]
    public async Task A_listed_value_may_hold_a_colon() =>
        await AcceptedAsync(new() { ["BETTER_AUTH_SECRETS"] = $"2:a:b{Rings.New}, 1:{Rings.Old}" });

    [Fact]
    public async Task A_rotation_faster_than_a_session_lasts_is_refused()
    {
        await RefusedAsync("Keys__Rotate", new()
        {
            ["BETTER_AUTH_SECRET"] = Rings.Old,
            ["Keys:Rotate"] = "29.00:00:00",
        });
        await RefusedAsync("Keys__Rotate", new()
        {
            ["BETTER_AUTH_SECRET"] = Rings.Old,
            ["Tokens:SessionLifetime"] = "91.00:00:00",
        });
        await RefusedAsync("Keys__Rotate", new()
        {
            ["BETTER_AUTH_SECRET"] = Rings.Old,
            ["Tokens:SessionLifetime"] = "0",
            ["Keys:Rotate"] = "0",
        });
    }

    [Theory]
    [InlineData("Keys__Generation", "-1")]
    [InlineData("Keys__Algorithm", "RS256")]
    [InlineData("Keys__Algorithm", "none")]
    public async Task What_cannot_be_done_is_refused_by_name(string variable, string value) =>
        await RefusedAsync(variable, new()
        {
            ["BETTER_AUTH_SECRET"] = Rings.Old,
            [variable.Replace("__", ":", StringComparison.Ordinal)] = value,
        });

    [Fact]
    public async Task Production_does_not_share_the_secret_that_all_keys_come_from()
    {
        var settings = new Dictionary<string, string?>
        {
            ["BETTER_AUTH_SECRET"] = Rings.Old,
            ["Keys:Algorithm"] = "HS256",
        };
        await RefusedAsync("Tokens__SharedSecret is not set", settings);
        await RefusedAsync("Tokens__SharedSecret is a", new(settings) { ["Tokens:SharedSecret"] = Rings.Old });
        await RefusedAsync("Tokens__SharedSecret holds", new(settings) { ["Tokens:SharedSecret"] = Short });
        await RefusedAsync("Tokens__SharedSecret holds", new(settings)
        {
            ["Tokens:SharedSecret"] = "your-secret-key-at-least-32-characters-long",
        });
        await AcceptedAsync(new(settings) { ["Tokens:SharedSecret"] = Rings.New });
    }

    [Fact]
    public async Task Development_makes_a_secret_once_and_keeps_it()
    {
        var folder = Directory.CreateTempSubdirectory("authportal-keys-");
        try
        {
            await AcceptedAsync(new() { ["Data:Folder"] = folder.FullName }, "Development");
            var kept = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "secret"));
            await AcceptedAsync(new() { ["Data:Folder"] = folder.FullName }, "Development");

            Assert.Equal(32, Convert.FromBase64String(kept).Length);
            Assert.Equal(kept, await File.ReadAllTextAsync(Path.Combine(folder.FullName, "secret")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Section_keys_cannot_hold_a_secret() => await RefusedAsync("BETTER_AUTH_SECRET is not set", new()
    {
        ["Keys:Secret"] = Rings.Old,
        ["Keys:Secrets"] = $"1:{Rings.Old}",
    });

    private static async Task AcceptedAsync(Dictionary<string, string?> settings, string environment = "Production")
    {
        await using var app = Hosts.Build(settings, environment);
        await app.StartAsync();
    }

    private static async Task RefusedAsync(
        string sentence, Dictionary<string, string?> settings, string environment = "Production")
    {
        await using var app = Hosts.Build(settings, environment);

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
        Assert.Single(refusal.Failures);
        if (sentence.Contains("SECRET", StringComparison.OrdinalIgnoreCase))
            Assert.Contains("openssl rand -base64 32", refusal.Message, StringComparison.Ordinal);
        foreach (var secret in settings.Values.OfType<string>().SelectMany(value => value.Split(',', ':')))
            Assert.False(secret.Length > 11 && refusal.Message.Contains(secret, StringComparison.Ordinal));
    }
}
