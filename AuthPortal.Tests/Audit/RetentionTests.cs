using System.Net;
using AuthPortal.Audit;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>What is old enough leaves from the front, and what stays still proves itself.</summary>
public sealed class RetentionTests(PastPortal portal) : IClassFixture<PastPortal>
{
    [Fact]
    public async Task The_oldest_events_go_and_the_chain_and_the_devices_stay()
    {
        await portal.RecordAsync(20);
        var noted = (await portal.VerifyAsync()).Head;
        await portal.RecordAsync(1);
        portal.Time.Advance(TimeSpan.FromDays(20));
        var ada = await portal.NewPersonAsync();
        await portal.RecordAsync(5, ada.Id);
        portal.Time.Advance(TimeSpan.FromDays(15));

        // At the same moment in two instances.
        var keeping = (Portal[])[Keeping(31), Keeping(31)];
        await Task.WhenAll(keeping.Select(each => each.Stranger().GetAsync("/healthz/live")));
        await Task.WhenAll(keeping.Select(each => each.SettledAsync()));
        Assert.True(await IsRemovedAsync());
        await portal.SealAsync();

        var verdict = await portal.VerifyAsync();
        Assert.True(verdict is { IsSound: true, Unsealed: 0 }, verdict.ToString());
        Assert.Equal(0, await portal.ScalarAsync<long>("select count(*) from audit_events where at < @then", new
        {
            then = portal.Time.GetUtcNow().AddDays(-31).UtcDateTime,
        }));
        Assert.Equal(1, await portal.ScalarAsync<long>(
            "select count(*) from audit_events join audit_details using (seq) where type = 'events-removed'"));
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from audit_details where seq not in (select seq from audit_events)"));
        Assert.Equal("removed", (await portal.VerifyAsync(expect: noted)).Kind);
        var renewed = await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = ada.RefreshToken });
        Assert.Equal(HttpStatusCode.Unauthorized, renewed.StatusCode); // a week away is over; the list asks by 'end'
        Assert.Single(await portal.ListAsync<Guid>(
            "select sid from audit_details where user_id = @Id and details ->> 'end' > '2024-02-05'", new { ada.Id }));
    }

    [Fact]
    public async Task What_was_tampered_with_is_not_removed()
    {
        await using var other = new PastPortal();
        await other.InitializeAsync();
        await other.RecordAsync(5);
        await other.TamperAsync("update audit_events set type = 'sign-out' where place = 3");
        other.Time.Advance(TimeSpan.FromDays(40));

        await using var scope = other.Services.CreateAsyncScope();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => scope.ServiceProvider
            .GetRequiredService<ChainRetention>().RemoveBeforeAsync(other.Time.GetUtcNow(), CancellationToken.None));

        Assert.Contains("event 3", refused.Message, StringComparison.Ordinal);
        Assert.Equal((2, "altered", 3), await FaultAsync(other));
        await ((IAsyncLifetime)other).DisposeAsync();
    }

    private static async Task<(int, string?, long)> FaultAsync(Portal portal)
    {
        var verdict = await portal.VerifyAsync();
        return (verdict.ExitCode, verdict.Kind, verdict.Place);
    }

    private Portal Keeping(int days) => portal.Sibling(sibling => sibling.Settings["Audit:KeepDays"] = $"{days}");

    private async Task<bool> IsRemovedAsync() =>
        await portal.ScalarAsync<long>("select anchor_place from audit_head") > 0;
}

/// <summary>A portal in January 2024: for the database, all that it records is years old.</summary>
public sealed class PastPortal : Portal
{
    public PastPortal() => Clock = Time;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero));
}
