using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AuthPortal.Tests.Support;

/// <summary>Waits for the work that a portal does after its answers.</summary>
internal static class Settling
{
    /// <summary>
    /// Returns when the portal has nothing to do until a request comes or its clock moves: budgets are given back,
    /// warnings are written, and the outbox is sent or has failed to be. What waits for the clock (sightings, tallies,
    /// seals) waits on; where the test moves the clock, <see cref="AdvanceAsync"/> has it done.
    /// </summary>
    public static async Task SettledAsync(this Portal portal)
    {
        var routines = portal.Services.GetServices<IHostedService>().OfType<BackgroundRoutine>().ToList();
        long turns;
        do
        {
            // Each was seen at rest, and no turn began meanwhile: so all of them rest.
            turns = routines.Sum(routine => routine.Turns);
            foreach (var routine in routines)
                await Eventually.EndAsync($"{routine.GetType().Name} rests", routine.Resting);
        }
        while (routines.Sum(routine => routine.Turns) != turns);
    }

    /// <summary>Moves the clock of the portal, and returns when all is done that waited for it.</summary>
    /// <param name="siblings">Other portals that run by the same clock.</param>
    public static async Task AdvanceAsync(this Portal portal, TimeSpan time, params IReadOnlyCollection<Portal> siblings)
    {
        await AllSettledAsync(); // or the clock would move before someone waits for it
        ((FakeTimeProvider)portal.Clock!).Advance(time);
        await AllSettledAsync();

        async Task AllSettledAsync()
        {
            foreach (var each in (Portal[])[portal, .. siblings])
                await each.SettledAsync();
        }
    }
}
