using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Throttling;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Throttling;

/// <summary>Every budget can be set, and a setting that means nothing keeps the portal from starting.</summary>
public sealed class ThrottleOptionsTests
{
    [Theory]
    [InlineData("Throttling:PasswordByAccount:Burst", "0", "Throttling__PasswordByAccount__Burst must be from 1")]
    [InlineData("Throttling:PasswordByAccount:Burst", "100001", "Throttling__PasswordByAccount__Burst")]
    [InlineData("Throttling:SignUpByBlock:Every", "00:00:00", "Throttling__SignUpByBlock__Every a time up to a day")]
    [InlineData("Throttling:SignUpByBlock:Every", "2.00:00:00", "Throttling__SignUpByBlock__Every")]
    public void What_means_nothing_is_named(string setting, string value, string sentence)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => Read((setting, value)));

        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_is_set_counts_and_the_others_stay()
    {
        var rules = Read(
            ("Throttling:PasswordByAccount:Burst", "3"), ("Throttling:PasswordByAccount:Every", "00:00:30"));

        Assert.Equal(new ThrottleRule("password-by-account", 3, TimeSpan.FromSeconds(30)), rules.PasswordByAccount);
        Assert.Equal(new ThrottleOptions().PasswordByDevice, rules.PasswordByDevice);
    }

    [Fact]
    public void Every_rule_has_a_name_of_its_own()
    {
        var names = new ThrottleOptions().Rules().Select(rule => rule.Rule.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.True(names.Count > 10);
    }

    [Theory]
    [InlineData("127.0.0.1", true, true)]
    [InlineData("::1", false, false)]
    [InlineData("203.0.113.1", false, true)]
    public void Programs_on_this_machine_are_counted_by_address_unless_told_otherwise(
        string address, bool countLoopback, bool counted) =>
        Assert.Equal(
            counted, new ThrottleOptions { CountLoopback = countLoopback }.Counts(IPAddress.Parse(address)));

    private static ThrottleOptions Read(params (string Key, string Value)[] settings) =>
        OptionsOf.Read<ThrottleOptions>(
            builder => builder.AddThrottling(),
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
}
