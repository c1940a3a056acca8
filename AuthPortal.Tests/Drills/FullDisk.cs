using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>PostgreSQL's disk is full, and after a while it is not.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class FullDisk(ITestOutputHelper output)
{
    [MountFact]
    public async Task On_a_full_disk_nothing_is_judged_that_can_not_be_recorded_and_reading_goes_on()
    {
        await using var server = await PrivateServer.StartAsync(durable: true, megabytes: 160);
        await using var drill = Drill.Begin(
            output, nameof(FullDisk), "PostgreSQL's data on a tmpfs of 160 MB, which is filled to the last byte");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        var onlooker = await Onlooker.ComeAsync(drill, portal.Url);
        await drill.StartLoadAsync(portal.Url);

        drill.Broken("the disk is filled");
        server.FillDisk();
        await onlooker.SeeAsync();
        server.FreeDisk();
        if (!server.IsRunning)
            drill.Say("PostgreSQL had given up meanwhile, and is started again as its supervisor would");
        await server.ContinueAsync();
        await drill.WholeAgainAsync("the disk has room");

        await onlooker.SettleAsync(server.ConnectionString);
        await drill.ReckonAsync(server.ConnectionString, portal.Url);
    }
}
