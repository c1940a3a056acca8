using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>A provider saves a disk from running full, or a standby has taken over: PostgreSQL only reads (25006).</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class ReadOnlyPostgres(ITestOutputHelper output)
{
    [Fact]
    public async Task Where_nothing_can_be_recorded_nothing_is_judged_and_reading_goes_on()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(ReadOnlyPostgres), "default_transaction_read_only=on for every connection, under load");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        var onlooker = await Onlooker.ComeAsync(drill, portal.Url);
        await drill.StartLoadAsync(portal.Url);

        drill.Broken("default_transaction_read_only is on");
        await SetAsync(server.ConnectionString, "on");
        await onlooker.SeeAsync();
        await SetAsync(server.ConnectionString, "off");
        await drill.WholeAgainAsync("writes are taken again");

        await onlooker.SettleAsync(server.ConnectionString);
        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }

    private static async Task SetAsync(string database, string value)
    {
        await using var source = NpgsqlDataSource.Create(database);
        foreach (var sql in (string[])[$"alter system set default_transaction_read_only = {value}", "select pg_reload_conf()"])
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
