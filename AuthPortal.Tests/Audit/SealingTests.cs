using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Audit;

/// <summary>Everything gets its place in one chain, whoever wrote it and whenever it was committed.</summary>
public sealed class SealingTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task What_many_write_at_once_to_two_portals_some_slowly_is_one_chain()
    {
        await using var sibling = portal.Sibling();
        Portal[] portals = [portal, sibling];
        await portal.NewPersonAsync();
        await using var slow = new NpgsqlConnection(portal.Database);
        await slow.OpenAsync();
        await using var late = await slow.BeginTransactionAsync();
        await using var first = new NpgsqlCommand(
            "insert into audit_events (at, type, personal_digest) values (now(), 'late', sha256(''))", slow, late);
        await first.ExecuteNonQueryAsync();

        var recording = Enumerable.Range(0, 80).Select(n => RecordSlowlyAsync(portals[n % 2], n));
        var signingIn = portals.Select(each => each.Stranger().SignUpAsync(Api.NewEmail()));
        var sealing = portals.Select(each => each.SealAsync());
        await Task.WhenAll([.. recording, .. signingIn, .. sealing]);
        await Task.WhenAll(portals.Select(each => each.SealAsync()));
        Assert.True((await portal.VerifyAsync()).IsSound);
        await late.CommitAsync();
        await portals[1].SealAsync();

        var verdict = await portal.VerifyAsync();
        Assert.True(verdict is { IsSound: true, Unsealed: 0 }, verdict.ToString());
        var places = await portal.ListAsync<long>("select place from audit_events order by place");
        Assert.Equal(Enumerable.Range(1, places.Count).Select(n => (long)n), places);
        Assert.Equal("late", await portal.ScalarAsync<string>("select type from audit_events order by place desc limit 1"));
        Assert.True(await portal.ScalarAsync<bool>(
            "select exists (select 1 from audit_events a join audit_events b on a.seq < b.seq and a.place > b.place)"));
    }

    [Fact]
    public async Task What_happens_is_sealed_by_itself_in_a_second()
    {
        await portal.NewPersonAsync();

        Assert.NotEmpty(await ListUnsealedAsync());
        await portal.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(await ListUnsealedAsync());
        Assert.True((await portal.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_portal_that_stops_leaves_nothing_open()
    {
        await using var sibling = portal.Sibling();
        await sibling.NewPersonAsync();
        Assert.NotEmpty(await ListUnsealedAsync());

        await sibling.Services.GetRequiredService<IHost>().StopAsync();

        Assert.Empty(await ListUnsealedAsync());
    }

    [Fact]
    public async Task What_another_left_open_is_sealed_within_the_hour_and_an_idle_portal_asks_for_nothing_else()
    {
        await portal.RecordAsync(1);
        Assert.True(await LooksAsync(TimeSpan.FromSeconds(1))); // for what it was told of
        Assert.True(await LooksAsync(TimeSpan.FromMinutes(61))); // by the clock; and now for an hour no more
        using var counter = CommandCounter.OfDatabase(portal);

        await portal.ExecuteAsync("insert into audit_events (at, type, personal_digest) values (now(), 'x', sha256(''))");
        for (var n = 0; n < 20; n++)
            await portal.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(counter.Statements, sql => sql.Contains("audit_head", StringComparison.Ordinal));
        Assert.NotEmpty(await ListUnsealedAsync());

        await portal.AdvanceAsync(TimeSpan.FromMinutes(41));
        Assert.Empty(await ListUnsealedAsync());
        Assert.Contains(counter.Statements, sql => sql.Contains("audit_head", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_who_is_erased_leaves_a_chain_that_holds()
    {
        var grace = await portal.NewPersonAsync("Grace");
        await portal.RecordAsync(2, grace.Id);
        var erased = (await portal.VerifyAsync()).Erased;

        var deleted = await grace.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password });

        deleted.EnsureSuccessStatusCode();
        await portal.SealAsync();
        var verdict = await portal.VerifyAsync();
        Assert.True(verdict.IsSound, verdict.ToString());
        Assert.True(verdict.Erased >= erased + 4, verdict.ToString()); // signed up, signed in, and the two
        Assert.Empty(await portal.ListAsync<long>("select seq from audit_details where user_id = @Id", new { grace.Id }));
    }

    private static async Task RecordSlowlyAsync(Portal portal, int n)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var audit = scope.ServiceProvider.GetRequiredService<AuditStore>();
        await scope.ServiceProvider.GetRequiredService<Db>().InTransactionAsync(
            async () =>
            {
                await audit.RecordAsync(
                    new AuditEvent($"at-once-{n}", null, null, new Client(null, null)), CancellationToken.None);
                await Task.Delay(n * 7 % 50);
            },
            CancellationToken.None);
    }

    /// <summary>Whether the sealer asks for the chain's head when time moves so far.</summary>
    private async Task<bool> LooksAsync(TimeSpan step)
    {
        using var counter = CommandCounter.OfDatabase(portal);
        await portal.AdvanceAsync(step);
        return counter.Statements.Any(sql => sql.Contains("audit_head", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<string>> ListUnsealedAsync() =>
        [.. await portal.ListAsync<string>("select type || ' at ' || at from audit_events where hash is null")];
}
