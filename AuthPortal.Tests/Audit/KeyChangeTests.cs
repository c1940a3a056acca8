using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>Which keys sign is on record: once for each change, and not once for each instance.</summary>
public sealed class KeyChangeTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task A_new_secret_generation_or_quarter_is_told_once()
    {
        Assert.Equal(1, await ToldAsync());

        await StartTogetherAsync(2, sibling => sibling.Settings["Keys:Generation"] = "1");
        Assert.Equal(2, await ToldAsync());

        await StartTogetherAsync(1, sibling => sibling.Settings["BETTER_AUTH_SECRETS"] =
            $"2:Xq7pR2mVn9sKd4wZtY6bJ3hGcL8fA1eU,1:{Portal.Secret}");
        Assert.Equal(3, await ToldAsync());
        Assert.Equal("2 1", await portal.ScalarAsync<string>(
            """
            select details ->> 'secrets' from audit_details join audit_events using (seq)
             where type = 'keys-changed' order by seq desc limit 1
            """));
        Assert.DoesNotContain("Xq7pR2", string.Concat((await portal.SnapshotAsync()).SelectMany(table => table.Value)));

        await portal.AdvanceAsync(TimeSpan.FromDays(91));
        Assert.Equal(4, await ToldAsync());
    }

    private async Task StartTogetherAsync(int count, Action<Portal> change)
    {
        var siblings = Enumerable.Range(0, count).Select(_ => portal.Sibling(change)).ToList();
        await Task.WhenAll(siblings.Select(sibling => Task.Run(sibling.Stranger)));
        foreach (var sibling in siblings)
            await sibling.DisposeAsync(); // or it would tell of its own keys when time moves
    }

    private Task<long> ToldAsync() =>
        portal.ScalarAsync<long>("select count(*) from audit_events where type = 'keys-changed'");
}
