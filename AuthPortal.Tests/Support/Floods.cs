using System.Net;
using AuthPortal.Throttling;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;

namespace AuthPortal.Tests.Support;

/// <summary>
/// Floods a portal by its own flood gate, in memory. The gate gives back by the machine's clock, and requests over HTTP
/// are too slow on a busy machine to be a flood.
/// </summary>
internal static class Floods
{
    /// <summary>Takes all that an address block still has.</summary>
    /// <returns>How many tries that were.</returns>
    public static int ExhaustFloodGate(this Portal portal, string address)
    {
        var gate = portal.Services.GetRequiredService<FloodGate>().Limiter;
        var networks = AddressBlock.PathOf(IPAddress.Parse(address));
        for (var taken = 0; ; taken++)
        {
            using var lease = gate.AttemptAcquire(networks);
            if (!lease.IsAcquired)
                return taken;
        }
    }

    /// <summary>Tries right after a flood from this address, again where the gate gave something back in between.</summary>
    /// <returns>The refusal.</returns>
    public static Task<HttpResponseMessage> RefusedByFloodGateAsync(
        this Portal portal, string address, Func<Task<HttpResponseMessage>> tryAsync) => Eventually.SeeAsync(
            "the flood gate refuses",
            () =>
            {
                portal.ExhaustFloodGate(address);
                return tryAsync();
            },
            answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
}
