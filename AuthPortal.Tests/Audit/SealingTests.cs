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
public sealed class SealingTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_many_write_at_once_to_two_portals_some_slowly_is_one_chain()
    {
        Portal[] portals = [portal, portal.Sibling()];
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
    public async Task What_happens_is_sealed_by_itself()
    {
        await portal.NewPersonAsync();

        Assert.True(await Eventually.IsTrueAsync(() => IsSealedAsync(portal), Soon));
        Assert.True((await portal.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_portal_that_stops_leaves_nothing_open()
    {
        await using var timeless = new TimelessPortal();
        await timeless.InitializeAsync();
        Assert.False(await IsSealedAsync(timeless));

        await timeless.Services.GetRequiredService<IHost>().StopAsync();

        Assert.True(await IsSealedAsync(timeless));
        await ((IAsyncLifetime)timeless).DisposeAsync();
    }

    [Fact]
    public async Task What_another_left_open_is_sealed_within_the_hour_and_an_idle_portal_asks_for_nothing_else()
    {
        await using var timeless = new TimelessPortal();
        await timeless.InitializeAsync();
        Assert.True(await SealsAsync(timeless, TimeSpan.FromSeconds(1)));
        using var counter = new CommandCounter(new NpgsqlConnectionStringBuilder(timeless.Database).Database!);

        await timeless.ExecuteAsync("insert into audit_events (at, type, personal_digest) values (now(), 'x', sha256(''))");
        for (var n = 0; n < 50; n++)
            await MoveAsync(timeless, TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(counter.Statements, sql => sql.Contains("audit_head", StringComparison.Ordinal));
        Assert.False(await IsSealedAsync(timeless));

        Assert.True(await SealsAsync(timeless, TimeSpan.FromMinutes(5)));
        Assert.Contains(counter.Statements, sql => sql.Contains("audit_head", StringComparison.Ordinal));
        await ((IAsyncLifetime)timeless).DisposeAsync();
    }

    [Fact]
    public async Task Somebody_who_is_erased_leaves_a_chain_that_holds()
    {
        await using var patient = new TimelessPortal();
        await patient.InitializeAsync();
        var grace = await patient.NewPersonAsync("Grace");
        await patient.RecordAsync(2, grace.Id);
        var erased = (await patient.VerifyAsync()).Erased;

        var deleted = await grace.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password });

        deleted.EnsureSuccessStatusCode();
        await patient.SealAsync();
        var verdict = await patient.VerifyAsync();
        Assert.True(verdict.IsSound, verdict.ToString());
        Assert.True(verdict.Erased >= erased + 4, verdict.ToString()); // signed up, signed in, and the two
        Assert.Empty(await patient.ListAsync<long>("select seq from audit_details where user_id = @Id", new { grace.Id }));
        await ((IAsyncLifetime)patient).DisposeAsync();
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

    private static Task<bool> SealsAsync(TimelessPortal portal, TimeSpan step) => Eventually.IsTrueAsync(
        async () =>
        {
            await MoveAsync(portal, step);
            return await IsSealedAsync(portal);
        },
        Soon);

    /// <summary>Moves time, and lets who waited for it have their turn.</summary>
    private static async Task MoveAsync(TimelessPortal portal, TimeSpan step)
    {
        portal.Time.Advance(step);
        await Task.Delay(10);
    }

    private static async Task<bool> IsSealedAsync(Portal portal) =>
        await portal.ScalarAsync<long>("select count(*) from audit_events where hash is null") == 0;
}
