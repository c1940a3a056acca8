using System.Threading.RateLimiting;
using AuthPortal.Audit;
using AuthPortal.Web;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AuthPortal.Throttling;

/// <summary>Marks what a server does cheaply for all its people from one address: renew and end sessions.</summary>
internal sealed class NoFlood : IPassesFloodGate;

/// <summary>Marks a GET that is more work than reading: it is counted as if it changed something.</summary>
internal sealed class CountsAsChange;

/// <summary>
/// Stands before everything that changes something, and turns plain floods away in memory: no database, no hashing.
/// <para>
/// Blocks share a fixed number of buckets, by a hash that nobody outside can compute. So memory is bounded however
/// many addresses somebody has, and who meets a flooder in a bucket is at worst slowed down as they are.
/// </para>
/// </summary>
internal sealed class FloodGate(
    IOptions<ThrottleOptions> options, ThrottleMeter meter, RefusalTally tally) : IConfigureOptions<RateLimiterOptions>
{
    private const int Buckets = 1 << 16;

    public void Configure(RateLimiterOptions limiter)
    {
        var rule = options.Value.Flood;
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = rule.Burst,
            TokensPerPeriod = Math.Max(1, (int)(TimeSpan.FromSeconds(1) / rule.Every)),
            ReplenishmentPeriod = rule.Every > TimeSpan.FromSeconds(1) ? rule.Every : TimeSpan.FromSeconds(1),
        };
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(context =>
            IsCounted(context)
                ? RateLimitPartition.GetTokenBucketLimiter(BucketOf(context), _ => bucket)
                : RateLimitPartition.GetNoLimiter(Buckets));
        limiter.OnRejected = RefuseAsync;
    }

    private bool IsCounted(HttpContext context)
    {
        var (method, marks) = (context.Request.Method, context.GetEndpoint()?.Metadata);
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return (!reads || marks?.GetMetadata<CountsAsChange>() is not null)
            && options.Value.Counts(Client.Of(context).Address)
            && marks?.GetMetadata<NoFlood>() is null;
    }

    /// <summary>Each half by itself: combined they would be folded before the process's secret comes in.</summary>
    private static int BucketOf(HttpContext context)
    {
        var block = AddressBlock.Of(Client.Of(context).Address);
        return HashCode.Combine(block.Family, (uint)(block.Prefix >> 32), (uint)block.Prefix) & (Buckets - 1);
    }

    private async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken ct)
    {
        var context = rejected.HttpContext;
        meter.Refused(options.Value.Flood);
        var client = Client.Of(context);
        var key = $"{options.Value.Flood.Name} {AddressBlock.Of(client.Address)}";
        tally.Note(AuditTypes.Throttled, key, userId: null, client);

        var refusal = AuthErrors.TooManyRequests(TimeSpan.FromSeconds(1));
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        // The page for it follows, as for any other status.
        context.Response.StatusCode = refusal.Status;
        refusal.SayWhen(context.Response);
    }
}
