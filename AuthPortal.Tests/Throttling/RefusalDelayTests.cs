using System.Diagnostics;
using AuthPortal.Throttling;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Throttling;

/// <summary>The answer to a refused request is delayed, so that a flood is not answered as fast as it asks.</summary>
public sealed class RefusalDelayTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_answer_waits_for_as_long_as_is_set()
    {
        var delay = Of(TimeSpan.FromMilliseconds(200));
        var started = Stopwatch.GetTimestamp();

        await delay.WaitAsync(default);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(190), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task It_waits_for_nobody_who_has_hung_up_and_beyond_a_thousand_for_nobody_at_all()
    {
        var delay = Of(Hold);
        using var gone = new CancellationTokenSource();
        var held = Enumerable.Range(0, 1_000).Select(_ => delay.WaitAsync(gone.Token)).ToList();

        Assert.True(delay.WaitAsync(default).IsCompleted);
        Assert.DoesNotContain(held, each => each.IsCompleted);
        await gone.CancelAsync();
        await Task.WhenAll(held);
        Assert.False(delay.WaitAsync(default).IsCompleted);
    }

    private static RefusalDelay Of(TimeSpan hold) =>
        new(Options.Create(new ThrottleOptions { HoldRefused = hold }));
}
