using AuthPortal.Passwords;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class ComeBackTimesTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ComeBackTimes _times;

    public ComeBackTimesTests()
    {
        _times = new ComeBackTimes(threads: 2, _clock);
        for (var n = 0; n < 100; n++)
            _times.Learn(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void It_is_when_those_before_are_done_and_each_has_a_time_of_their_own()
    {
        var told = Enumerable.Range(0, 64).Select(_ => _times.Next(waiting: 24)).ToList();

        Assert.Equal(1250, told[0].TotalMilliseconds, tolerance: 1); // 24 and one of 100 ms, by two threads
        Assert.All(
            told.Zip(told.Skip(1)),
            pair => Assert.Equal(50, (pair.Second - pair.First).TotalMilliseconds, tolerance: 1));

        // They are told whole seconds: of those who come back together, none is more than the line has room for.
        Assert.All(
            told.GroupBy(wait => Math.Ceiling(wait.TotalSeconds)), together => Assert.InRange(together.Count(), 1, 24));
    }

    [Fact]
    public void Once_they_have_come_and_gone_nobody_waits_for_them()
    {
        for (var n = 0; n < 64; n++)
            _times.Next(waiting: 24);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(1), _times.Next(waiting: 0));
    }

    [Fact]
    public void A_flood_that_never_comes_back_keeps_others_away_for_a_quarter_of_a_minute()
    {
        for (var n = 0; n < 10_000; n++)
            _times.Next(waiting: 24);

        Assert.Equal(TimeSpan.FromSeconds(15), _times.Next(waiting: 24));
    }
}
