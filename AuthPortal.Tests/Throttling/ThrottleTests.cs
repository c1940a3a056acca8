using AuthPortal.Keys;
using AuthPortal.Tests.Support;
using AuthPortal.Throttling;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Throttling;

/// <summary>A burst passes, then one at a time, whoever asks and on whichever instance.</summary>
public sealed class ThrottleTests(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private static readonly ThrottleRule Rule = new("test", Burst: 5, Every: TimeSpan.FromMinutes(5));

    private readonly string _subject = Api.NewEmail();

    [Fact]
    public async Task A_burst_passes_and_then_one_for_each_interval()
    {
        Assert.Equal(5, await CountAsync(TakeManyAsync(5)));
        Assert.Equal(TimeSpan.FromMinutes(5), await TakeAsync());

        portal.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(TimeSpan.FromMinutes(1), await TakeAsync());

        portal.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await TakeAsync());
        Assert.Equal(TimeSpan.FromMinutes(5), await TakeAsync());
    }

    [Fact]
    public async Task Many_of_whom_some_come_before_their_rows_and_some_after_never_wait_for_each_other_in_a_circle()
    {
        var (shared, own) = (Rule with { Name = "shared", Burst = 10_000 }, Rule with { Name = "own", Burst = 10_000 });
        for (var round = 0; round < 30; round++)
        {
            var block = new Quota(shared, $"{_subject} {round}");
            await Task.WhenAll(Enumerable.Range(0, 24).Select(n => UseAsync(throttle =>
                throttle.TakeAsync([new Quota(own, $"{_subject} {round} {n % 12}"), block], default))));
        }
    }

    [Fact]
    public async Task Asking_while_refused_puts_nothing_off()
    {
        await CountAsync(TakeManyAsync(30));

        portal.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task After_a_long_rest_the_burst_is_whole_again_and_no_larger()
    {
        await CountAsync(TakeManyAsync(5));

        portal.Time.Advance(TimeSpan.FromDays(300));

        Assert.Equal(5, await CountAsync(TakeManyAsync(9)));
    }

    [Fact]
    public async Task Of_fifty_at_once_on_two_portals_exactly_the_burst_passes()
    {
        var sibling = portal.Sibling();
        using var start = new Barrier(50);

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return TakeAsync(n % 2 == 0 ? portal : sibling);
            },
            TaskCreationOptions.LongRunning).Unwrap()));

        Assert.Equal(5, taken.Count(wait => wait is null));
        Assert.All(taken.OfType<TimeSpan>(), wait => Assert.InRange(wait, TimeSpan.FromSeconds(1), Rule.Every));
    }

    [Fact]
    public async Task Neither_another_subject_nor_another_rule_is_counted()
    {
        await CountAsync(TakeManyAsync(6));

        Assert.Null(await TakeAsync(subject: Api.NewEmail()));
        Assert.Null(await TakeAsync(rule: Rule with { Name = "another-test" }));
    }

    [Fact]
    public async Task Of_several_budgets_all_are_taken_or_none()
    {
        var (narrow, wide) = (Rule with { Name = "narrow", Burst = 2 }, Rule with { Name = "wide", Burst = 100 });
        Quota[] both = [new(narrow, _subject), new(wide, _subject)];
        async Task<Exhausted?> TakeBothAsync()
        {
            Exhausted? exhausted = null;
            await UseAsync(async throttle => exhausted = await throttle.TakeAsync(both, default));
            return exhausted;
        }

        Assert.Null(await TakeBothAsync());
        Assert.Null(await TakeBothAsync());
        var refused = await TakeBothAsync();

        Assert.Equal((both[0], Rule.Every), (refused?.Quota, refused?.Wait));
        for (var n = 0; n < 98; n++)
            Assert.Null(await TakeAsync(rule: wide));
        Assert.NotNull(await TakeAsync(rule: wide));
    }

    [Fact]
    public async Task Many_budgets_taken_and_given_back_at_once_in_any_order_never_wait_for_each_other()
    {
        var quotas = Enumerable.Range(0, 4).Select(n => new Quota(Rule with { Burst = 10_000 }, $"{_subject} {n}")).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async n =>
        {
            Quota[] mine = [quotas[n % 4], quotas[(n + 1) % 4], quotas[(n + 2) % 4]];
            await UseAsync(throttle => throttle.TakeAsync(mine, default));
            await UseAsync(throttle => throttle.GiveBackAsync(mine, default));
        }));
    }

    [Fact]
    public async Task What_is_given_back_may_be_taken_again_once()
    {
        await CountAsync(TakeManyAsync(5));

        await UseAsync(throttle => throttle.GiveBackAsync(Rule, _subject, default));

        Assert.Null(await TakeAsync());
        Assert.NotNull(await TakeAsync());
    }

    /// <summary>Else a flood that the gate lets through would ask the database with every request.</summary>
    [Fact]
    public async Task Who_has_nothing_left_is_refused_for_a_second_without_asking_the_database()
    {
        await CountAsync(TakeManyAsync(6));
        await portal.ExecuteAsync("delete from throttle");

        portal.Time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(TimeSpan.FromSeconds(299.1), await TakeAsync());
        Assert.Null(await TakeAsync(subject: Api.NewEmail()));
        portal.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task Giving_back_what_was_never_taken_makes_no_burst_larger()
    {
        await TakeAsync();
        for (var n = 0; n < 10; n++)
            await UseAsync(throttle => throttle.GiveBackAsync(Rule, _subject, default));

        Assert.Equal(5, await CountAsync(TakeManyAsync(9)));
    }

    [Fact]
    public async Task The_table_tells_nobody_and_its_key_hangs_on_the_secret()
    {
        await TakeAsync();

        var rows = (await portal.SnapshotAsync())["throttle"];
        Assert.DoesNotContain(rows, row => row.Contains(_subject, StringComparison.Ordinal));
        var digests = portal.Services.GetRequiredService<KeyedDigests>();
        var other = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRET"] = "uZ3kT9vQ2mX7pL4sR8wY1nB6cF5hJ0dG");
        Assert.Equal(1, await RowsAsync(digests.Of("throttle", $"test {_subject}")));
        Assert.Equal(0, await RowsAsync(
            other.Services.GetRequiredService<KeyedDigests>().Of("throttle", $"test {_subject}")));
    }

    [Fact]
    public async Task What_is_past_is_swept_and_what_still_counts_is_not()
    {
        var (past, present) = (Api.NewEmail(), Api.NewEmail());
        var slow = Rule with { Every = TimeSpan.FromDays(1) };
        await TakeAsync(subject: past);
        await TakeAsync(rule: slow, subject: present);

        await portal.AdvanceAsync(TimeSpan.FromHours(1));

        var digests = portal.Services.GetRequiredService<KeyedDigests>();
        Assert.Equal(0, await RowsAsync(digests.Of("throttle", $"test {past}")));
        Assert.Equal(1, await RowsAsync(digests.Of("throttle", $"test {present}")));
    }

    [Fact]
    public async Task A_refusal_says_how_long_to_wait()
    {
        var context = new DefaultHttpContext
        {
            RequestServices = Spoken.Services,
            Response = { Body = new MemoryStream() },
        };

        var refusal = AuthErrors.TooManyRequests(TimeSpan.FromSeconds(119.2));
        await refusal.ExecuteAsync(context);

        Assert.Equal(429, context.Response.StatusCode);
        Assert.Equal("120", context.Response.Headers.RetryAfter.ToString());
        Assert.Equal("TOO_MANY_REQUESTS", refusal.Code);
        Assert.Equal("Too many tries. Please wait 2 minutes, then try again.", $"{refusal.Advice}");
        Assert.Contains("20 seconds", $"{AuthErrors.TooManyRequests(TimeSpan.FromSeconds(19.5)).Advice}");
    }

    private async Task<TimeSpan?> TakeAsync(
        Portal? on = null, ThrottleRule? rule = null, string? subject = null)
    {
        await using var scope = (on ?? portal).Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Throttle>()
            .TakeAsync(rule ?? Rule, subject ?? _subject, default);
    }

    private async Task UseAsync(Func<Throttle, Task> use)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<Throttle>());
    }

    private async IAsyncEnumerable<TimeSpan?> TakeManyAsync(int tries)
    {
        for (var n = 0; n < tries; n++)
            yield return await TakeAsync();
    }

    private static async Task<int> CountAsync(IAsyncEnumerable<TimeSpan?> tries) =>
        await tries.CountAsync(wait => wait is null);

    private Task<int> RowsAsync(byte[] key) =>
        portal.ScalarAsync<int>("select count(*)::int from throttle where key = @key", new { key });
}
