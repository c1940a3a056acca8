using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class PasswordOptionsTests
{
    [Theory]
    [InlineData("Passwords:Cost", "9")]
    [InlineData("Passwords:Cost", "17")]
    [InlineData("Passwords:MinimumLength", "7")]
    [InlineData("Passwords:MinimumLength", "65")]
    [InlineData("Passwords:Pepper:0", "thirty-one bytes, one too few..")]
    [InlineData("Passwords:Pepper:0", "")]
    [InlineData("Passwords:RangeCheckUrl", "http://ranges.example.com/range")]
    [InlineData("Passwords:RangeCheckUrl", "ranges.example.com/range")]
    [InlineData("Passwords:RangeCheckUrl", "ftp://ranges.example.com/range")]
    [InlineData("Passwords:RangeCheckUrl", "https://user:word@ranges.example.com/range")]
    [InlineData("Passwords:RangeCheckUrl", "https://ranges.example.com/range?key=value")]
    [InlineData("Passwords:RangeCheckTimeout", "00:00:00")]
    [InlineData("Passwords:RangeCheckTimeout", "00:00:11")]
    [InlineData("Passwords:QueueLimit", "0")]
    public async Task A_start_that_must_fail_names_the_variable_and_no_secret(string key, string value)
    {
        await using var host = PasswordHost.AsConfigured((key, value));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        var variable = key.TrimEnd('0').TrimEnd(':').Replace(":", "__", StringComparison.Ordinal);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
        if (value.Length > 2)
            Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_number_is_named_too()
    {
        await using var host = PasswordHost.AsConfigured(("Passwords:Cost", "eleven"));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.Contains("Passwords:Cost", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://ranges.example.com/range/")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:8080/range")]
    public async Task A_range_service_is_asked_by_https_or_on_this_machine(string url)
    {
        await using var host = PasswordHost.AsConfigured(("Passwords:RangeCheckUrl", url));
        await host.StartAsync();
    }

    [Fact]
    public async Task A_pepper_of_thirty_two_bytes_starts()
    {
        await using var host = PasswordHost.AsConfigured(("Passwords:Pepper:0", new string('p', 32)));
        await host.StartAsync();
    }
}
