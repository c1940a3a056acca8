using System.Net;
using AuthPortal.Passwords;
using AuthPortal.Web;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class FairLineTests
{
    private readonly FairLine<string> _line = new(limit: 5, limitPerBlock: 2);

    [Fact]
    public void Blocks_take_turns()
    {
        foreach (var who in new[] { "a1", "a2", "b1", "b2", "c1" })
            Assert.True(Enter(who));
        Assert.Equal(["a1", "b1", "c1", "a2", "b2"], Everyone());
    }

    [Fact]
    public void A_block_that_comes_back_goes_behind_those_who_wait()
    {
        Enter("a1");
        Enter("b1");
        Assert.Equal("a1", _line.Take());
        Enter("a2");
        Assert.Equal(["b1", "a2"], Everyone());
    }

    [Fact]
    public void Two_wait_from_one_block_and_no_third()
    {
        Assert.True(Enter("a1"));
        Assert.True(Enter("a2"));
        Assert.False(Enter("a3"));
        Assert.True(Enter("b1"));
        _line.Take();
        Assert.True(Enter("a3"));
    }

    [Fact]
    public void The_line_is_bounded()
    {
        foreach (var who in new[] { "a1", "b1", "c1", "d1", "e1" })
            Assert.True(Enter(who));
        Assert.False(Enter("f1"));
        Assert.False(Enter("a2"));
        Assert.Equal(5, _line.Count);
    }

    [Fact]
    public void When_full_a_block_with_nobody_waiting_takes_the_place_of_the_latest_second()
    {
        foreach (var who in new[] { "a1", "a2", "b1", "b2", "c1" })
            Enter(who);
        Assert.False(Enter("c2"));
        Assert.True(_line.TryAdd(Block('d'), "d1", out var displaced));
        Assert.Equal("b2", displaced);
        Assert.Equal(["a1", "b1", "c1", "d1", "a2"], Everyone());
    }

    [Fact]
    public void Who_leaves_frees_the_place_and_keeps_the_block_s_other_one()
    {
        Enter("a1");
        Enter("a2");
        Enter("b1");
        Assert.True(_line.Remove("a1"));
        Assert.False(_line.Remove("a1"));
        Assert.True(Enter("a3"));
        Assert.True(_line.Remove("a3"));
        Assert.Equal(["b1", "a2"], Everyone());
        Assert.Null(_line.Take());
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.250", true)]
    [InlineData("203.0.113.7", "203.0.114.7", false)]
    [InlineData("203.0.113.7", "::ffff:203.0.113.9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("127.0.0.2", "127.0.0.2", true)]
    [InlineData("127.0.0.2", "127.0.0.3", false)]
    [InlineData("0.0.0.0", "::", false)]
    public void A_block_is_a_24_or_a_64_and_on_loopback_an_address(string one, string other, bool same) =>
        Assert.Equal(same, AddressBlock.Of(IPAddress.Parse(one)) == AddressBlock.Of(IPAddress.Parse(other)));

    [Fact]
    public void Callers_without_an_address_are_a_block_of_their_own()
    {
        Assert.Equal(AddressBlock.Of(null), AddressBlock.Of(null));
        Assert.NotEqual(AddressBlock.Of(null), AddressBlock.Of(IPAddress.Any));
        Assert.NotEqual(AddressBlock.Of(null), AddressBlock.Of(IPAddress.IPv6Any));
    }

    private static AddressBlock Block(char name) => AddressBlock.Of(new IPAddress([203, 0, (byte)name, 1]));

    private bool Enter(string who) => _line.TryAdd(Block(who[0]), who, out _);

    private List<string> Everyone()
    {
        var all = new List<string>();
        while (_line.Take() is { } next)
            all.Add(next);
        return all;
    }
}
