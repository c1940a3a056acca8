using AuthPortal.Keys;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class RotationTests
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(90);

    [Fact]
    public async Task Twelve_rotations_lose_no_token()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        using var ring = Rings.Ring(clock);
        var kids = new HashSet<string>();

        for (var rotation = 0; rotation < 12; rotation++)
        {
            var (access, refresh) = (Rings.Sign(ring.AccessSigning), Rings.Sign(ring.Signing("refresh")));
            Assert.True(kids.Add(ring.AccessSigning.Kid), "each period has a key of its own");
            clock.Advance(Period);
            Assert.True(await ring.AcceptsAsync(access), $"access token after rotation {rotation}");
            Assert.True(await ring.AcceptsAsync("refresh", refresh), $"refresh token after rotation {rotation}");
        }
    }

    [Fact]
    public async Task A_token_older_than_a_whole_period_and_its_successor_is_refused()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        using var ring = Rings.Ring(clock);
        var token = Rings.Sign(ring.AccessSigning);

        clock.Advance(2 * Period);

        Assert.False(await ring.AcceptsAsync(token));
    }

    [Fact]
    public void A_key_set_of_any_day_of_the_last_month_holds_the_key_that_signs()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        using var ring = Rings.Ring(clock);
        var published = new List<string[]>();

        for (var day = 0; day < 365 + 31; day++, clock.Advance(TimeSpan.FromDays(1)))
        {
            published.Add(ring.PublishedKids());
            Assert.All(published.TakeLast(32), kids => Assert.Contains(ring.AccessSigning.Kid, kids));
        }
    }

    [Fact]
    public async Task Portals_whose_clocks_differ_accept_each_others_tokens_at_the_turn()
    {
        var turn = DateTimeOffset.UnixEpoch + 228 * Period;
        using var behind = Rings.Ring(new FakeTimeProvider(turn.AddSeconds(-1)));
        using var ahead = Rings.Ring(new FakeTimeProvider(turn));

        Assert.NotEqual(behind.AccessSigning.Kid, ahead.AccessSigning.Kid);
        Assert.True(await behind.AcceptsAsync(Rings.Sign(ahead.AccessSigning)));
        Assert.True(await ahead.AcceptsAsync(Rings.Sign(behind.AccessSigning)));
        Assert.True(await behind.AcceptsAsync("refresh", Rings.Sign(ahead.Signing("refresh"))));
    }

    [Fact]
    public async Task A_rolling_change_of_generation_loses_nobody()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        using var before = Rings.Ring(clock);
        using var after = Rings.Ring(clock, new KeyOptions { Secret = Rings.Old, Generation = 1 });
        using var later = Rings.Ring(clock, new KeyOptions { Secret = Rings.Old, Generation = 2 });

        Assert.NotEqual(before.AccessSigning.Kid, after.AccessSigning.Kid);
        Assert.Contains(after.AccessSigning.Kid, before.PublishedKids());
        Assert.True(await before.AcceptsAsync(Rings.Sign(after.AccessSigning)));
        Assert.True(await after.AcceptsAsync(Rings.Sign(before.AccessSigning)));
        Assert.True(await after.AcceptsAsync("refresh", Rings.Sign(before.Signing("refresh"))));
        Assert.False(await later.AcceptsAsync(Rings.Sign(before.AccessSigning)));
    }

    [Fact]
    public async Task A_secret_changes_in_three_steps_without_loss()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        string[] steps =
        [
            $"1:{Rings.Old}", $"1:{Rings.Old},2:{Rings.New}", $"2:{Rings.New},1:{Rings.Old}", $"2:{Rings.New}",
        ];
        KeyRing[] rings = [.. steps.Select(step => Rings.Ring(clock, new KeyOptions { Secrets = step }))];

        // A rolling change: at each step, portals of this step and of the one before serve side by side.
        foreach (var (one, next) in rings.Zip(rings.Skip(1)).Take(2))
        {
            Assert.Contains(next.AccessSigning.Kid, one.PublishedKids());
            Assert.True(await next.AcceptsAsync(Rings.Sign(one.AccessSigning)));
            Assert.True(await one.AcceptsAsync(Rings.Sign(next.AccessSigning)));
            Assert.True(await next.AcceptsAsync("refresh", Rings.Sign(one.Signing("refresh"))));
        }

        Assert.True(await rings[3].AcceptsAsync(Rings.Sign(rings[2].AccessSigning)));
        Assert.False(await rings[3].AcceptsAsync(Rings.Sign(rings[1].AccessSigning)));
        Assert.False(await rings[3].AcceptsAsync("refresh", Rings.Sign(rings[1].Signing("refresh"))));
        Array.ForEach(rings, ring => ring.Dispose());
    }

    [Fact]
    public void A_single_secret_is_version_one_of_a_list()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        using var single = Rings.Ring(clock);
        using var listed = Rings.Ring(clock, new KeyOptions { Secret = Rings.New, Secrets = $"1:{Rings.Old}" });

        Assert.Equal(single.PublishedKids(), listed.PublishedKids());
    }
}
