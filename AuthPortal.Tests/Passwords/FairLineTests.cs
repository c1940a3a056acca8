using System.Net;
using AuthPortal.Passwords;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class FairLineTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FairLine<string> _line;

    public FairLineTests() => _line = new FairLine<string>(limit: 6, _clock);

    [Fact]
    public void Networks_that_asked_for_less_of_late_are_first_and_of_equals_who_came_first()
    {
        foreach (var who in (string[])["203.0.1.1", "203.0.1.2", "203.1.1.1", "203.2.1.1"])
            Assert.Null(Enter(who));

        Assert.Equal(["203.1.1.1", "203.2.1.1", "203.0.1.1", "203.0.1.2"], Everyone());
    }

    [Fact]
    public void One_network_may_fill_a_line_that_nobody_else_wants()
    {
        for (var n = 1; n <= 6; n++)
            Assert.Null(Enter($"203.0.1.{n}"));

        Assert.Equal(6, Everyone().Count);
    }

    [Fact]
    public void Newcomers_from_elsewhere_take_the_places_of_its_latest_and_its_own_take_none()
    {
        for (var n = 1; n <= 6; n++)
            Enter($"203.0.1.{n}");

        Assert.Equal("203.0.1.7", Enter("203.0.1.7"));
        Assert.Equal("203.0.1.6", Enter("203.1.1.1"));
        Assert.Equal("203.0.1.5", Enter("2001:db8::1"));
        Assert.Equal(["203.1.1.1", "2001:db8::1", "203.0.1.1", "203.0.1.2", "203.0.1.3", "203.0.1.4"], Everyone());
    }

    /// <summary>However many of the narrow ones somebody has: of the wide one there is but one.</summary>
    [Theory]
    [InlineData("2001:db8:0:{0:x}::1", "2001:db8:1:1::1")] // the 256 /64s of a /56
    [InlineData("2001:db8:0:{0:x}00::1", "2001:db8:1:1::1")] // the 256 /56s of a /48
    [InlineData("203.0.{0}.1", "203.1.1.1")] // the 256 /24s of a /16
    [InlineData("203.{0}.1.1", "198.51.100.1")] // as many /16s: each has asked more often than a stranger
    public void Nobody_gains_by_many_networks(string theirs, string strangers)
    {
        for (var n = 0; n < 256; n++)
        {
            for (var times = 0; times < 3; times++)
                Enter(string.Format(System.Globalization.CultureInfo.InvariantCulture, theirs, n));
        }

        Assert.NotEqual(strangers, Enter(strangers));
        Assert.Equal(strangers, _line.Take());
    }

    [Fact]
    public void What_was_turned_away_counts_as_asked_and_is_forgotten_in_time()
    {
        for (var n = 1; n <= 30; n++)
            Enter($"203.0.1.{n}");
        Everyone();

        Enter("203.0.1.1");
        Enter("203.1.1.1");
        Assert.Equal(["203.1.1.1", "203.0.1.1"], Everyone());

        _clock.Advance(TimeSpan.FromMinutes(2));
        Enter("203.0.1.1");
        Enter("203.1.1.1");
        Assert.Equal(["203.0.1.1", "203.1.1.1"], Everyone());
    }

    [Fact]
    public void Half_of_the_places_are_for_those_who_are_known()
    {
        for (var n = 1; n <= 6; n++)
            Enter($"203.{n}.1.1"); // a stranger each, from a network that asks for the first time
        for (var n = 1; n <= 3; n++)
            Assert.StartsWith("203.", Enter($"198.51.100.{n}", isKnown: true), StringComparison.Ordinal);

        Assert.Equal("198.51.100.4", Enter("198.51.100.4", isKnown: true));
        Assert.Equal(
            ["203.1.1.1", "198.51.100.1", "203.2.1.1", "198.51.100.2", "203.3.1.1", "198.51.100.3"], Everyone());
    }

    [Fact]
    public void Those_who_are_known_may_have_all_the_places_that_nobody_else_wants_and_give_them_back()
    {
        for (var n = 1; n <= 6; n++)
            Assert.Null(Enter($"203.{n}.1.1", isKnown: true));

        Assert.Equal("203.6.1.1", Enter("198.51.100.1"));
    }

    [Fact]
    public void Who_leaves_frees_the_place()
    {
        for (var n = 1; n <= 6; n++)
            Enter($"203.0.1.{n}");

        Assert.True(_line.Remove("203.0.1.1"));
        Assert.False(_line.Remove("203.0.1.1"));
        Assert.Null(Enter("203.0.1.7"));
        Assert.Equal(6, Everyone().Count);
        Assert.Null(_line.Take());
    }

    [Fact]
    public void For_those_who_need_not_wait_there_is_room_besides()
    {
        for (var n = 1; n <= 8; n++)
            Assert.Null(Enter($"203.0.1.{n}", free: 2));

        Assert.Equal("203.0.1.9", Enter("203.0.1.9", free: 2));
    }

    /// <returns>Who has no place now: somebody who was there, or whoever came; null for nobody.</returns>
    private string? Enter(string address, bool isKnown = false, int free = 0) =>
        _line.TryAdd(new HashingCaller(IPAddress.Parse(address), isKnown), address, free, out var displaced)
            ? displaced
            : address;

    private List<string> Everyone()
    {
        var all = new List<string>();
        while (_line.Take() is { } next)
            all.Add(next);
        return all;
    }
}
