using AuthPortal.Tests.Support;
using AuthPortal.Throttling;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>Whatever the order of takes, returns and pauses, no more passes than the rule says, and no less.</summary>
public sealed class ThrottleProperties(PatientPortal portal) : IClassFixture<PatientPortal>
{
    private enum Act
    {
        Take,
        GiveBack,
        Wait,
    }

    private static readonly Gen<(Act Act, int Milliseconds)[]> Story = Gen.Select(
        Gen.Frequency((6, Act.Take), (1, Act.GiveBack), (3, Act.Wait)),
        Gen.Frequency((4, Gen.Int[1, 1_500]), (2, Gen.Int[900, 1_100]), (1, Gen.Int[1, 60_000]))).Array[1, 40];

    /// <summary>
    /// Between any two passes: at most the burst, one for each interval that went by, and one for each given back.
    /// </summary>
    [Fact]
    public Task Never_more_than_the_burst_and_one_for_each_interval() =>
        Gen.Select(Gen.Int[1, 6], Story).HoldAsync(10, 1_000, async sample =>
        {
            var (burst, story) = sample;
            var passes = new List<(TimeSpan At, int GivenBack)>();
            await TellAsync(Rule(burst), story, (now, givenBack, hasPassed) =>
            {
                if (!hasPassed)
                    return;
                passes.Add((now, givenBack));
                for (var first = 0; first < passes.Count; first++)
                {
                    var most = burst + (int)((now - passes[first].At) / TimeSpan.FromSeconds(1)) + givenBack - passes[first].GivenBack;
                    Assert.InRange(passes.Count - first, 1, most);
                }
            });
        }, threads: 1);

    /// <summary>The same as a bucket of tokens that fills by one each interval, which is how people think of it.</summary>
    [Fact]
    public Task Exactly_what_a_bucket_of_tokens_lets_through() =>
        Gen.Select(Gen.Int[1, 6], Story).HoldAsync(10, 1_000, async sample =>
        {
            var (burst, story) = sample;
            var (level, last, returned) = ((double)burst, TimeSpan.Zero, 0);
            await TellAsync(Rule(burst), story, (now, givenBack, hasPassed) =>
            {
                level = Math.Min(burst, level + (now - last).TotalSeconds + givenBack - returned);
                (last, returned) = (now, givenBack);
                Assert.Equal(level >= 1 - 1e-6, hasPassed);
                level -= hasPassed ? 1 : 0;
            });
        }, threads: 1);

    private static ThrottleRule Rule(int burst) => new("property", burst, TimeSpan.FromSeconds(1));

    /// <param name="judge">Told after each take: when it was, how many were given back before, and whether it passed.</param>
    private async Task TellAsync(ThrottleRule rule, (Act Act, int Milliseconds)[] story, Action<TimeSpan, int, bool> judge)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var throttle = scope.ServiceProvider.GetRequiredService<Throttle>();
        var (subject, begin, givenBack) = (Api.NewEmail(), portal.Time.GetUtcNow(), 0);
        foreach (var (act, milliseconds) in story)
        {
            switch (act)
            {
                case Act.Wait:
                    portal.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                    break;
                case Act.GiveBack:
                    await throttle.GiveBackAsync(rule, subject, default);
                    givenBack++;
                    break;
                default:
                    var wait = await throttle.TakeAsync(rule, subject, default);
                    judge(portal.Time.GetUtcNow() - begin, givenBack, wait is null);
                    break;
            }
        }
    }
}
