using System.Net;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.Web;

public sealed class AddressBlockTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.250", 2)]
    [InlineData("203.0.113.7", "203.0.114.7", 1)]
    [InlineData("203.0.113.7", "203.1.113.7", 0)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.9", 2)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 3)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 2)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:100::1", 1)]
    [InlineData("2001:db8:1:2::1", "2001:db8:2:2::1", 0)]
    [InlineData("127.0.0.2", "127.0.0.2", 1)]
    [InlineData("127.0.0.2", "127.0.0.3", 0)]
    [InlineData("0.0.0.0", "::", 0)]
    public void Addresses_have_networks_in_common_the_widest_first(string one, string other, int common)
    {
        var (path, others) =
            (AddressBlock.PathOf(IPAddress.Parse(one)), AddressBlock.PathOf(IPAddress.Parse(other)));

        Assert.Equal(common, path.Intersect(others).Count());
        Assert.Equal(path.Take(common), others.Take(common));
        Assert.InRange(path.Count, 1, AddressBlock.LongestPath);
    }

    [Theory]
    [InlineData("203.0.113.7", "24")]
    [InlineData("2001:db8:1:2::1", "64")]
    [InlineData("127.0.0.2", "32")]
    public void The_narrowest_is_one_customers(string address, string length)
    {
        var block = AddressBlock.Of(IPAddress.Parse(address));

        Assert.EndsWith($"/{length}", block.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, block.Share);
    }

    [Fact]
    public void Callers_without_an_address_have_one_of_their_own()
    {
        Assert.Equal(AddressBlock.PathOf(null), AddressBlock.PathOf(null));
        Assert.NotEqual(AddressBlock.Of(null), AddressBlock.Of(IPAddress.Any));
        Assert.NotEqual(AddressBlock.Of(null), AddressBlock.Of(IPAddress.IPv6Any));
    }
}
