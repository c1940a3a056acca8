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
    [InlineData("Passwords:Pepper", "a lone value that is long enough in itself")]
    [InlineData("Passwords:QueueLimit", "0")]
    [InlineData("Passwords:QueueLimitPerBlock", "0")]
    public async Task A_start_that_must_fail_names_the_variable_and_no_secret(string key, string value)
    {
        await using var host = PasswordHost.With((key, value));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        var variable = key.TrimEnd('0').TrimEnd(':').Replace(":", "__", StringComparison.Ordinal);
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
        if (value.Length > 2)
            Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_number_is_named_too()
    {
        await using var host = PasswordHost.With(("Passwords:Cost", "eleven"));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(host.StartAsync);
        Assert.Contains("Passwords:Cost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pepper_of_thirty_two_bytes_starts()
    {
        await using var host = PasswordHost.With(("Passwords:Pepper:0", new string('p', 32)));
        await host.StartAsync();
    }
}
