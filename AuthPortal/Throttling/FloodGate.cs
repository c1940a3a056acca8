using System.Threading.RateLimiting;
using AuthPortal.Audit;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Throttling;

/// <summary>Marks what a server does cheaply for all its people from one address: renew and end sessions.</summary>
internal sealed class NoFlood : IPassesFloodGate;

/// <summary>Marks a GET that is more work than reading: it is counted as if it changed something.</summary>
internal sealed class CountsAsChange;

/// <summary>
/// Stands before everything that changes something, and turns plain floods away in memory: no database, no hashing.
/// <para>
/// It counts by an address's <see cref="AddressBlock.PathOf">networks</see>, so that who has many of the narrow ones
/// gets little more than who has one. Networks share a fixed number of buckets, by a hash that nobody outside can
/// compute. So memory is bounded however many addresses somebody has, and who meets a flooder in a bucket is at worst
/// slowed down as they are.
/// </para>
/// </summary>
internal sealed class FloodGate : IDisposable
{
    private const int Buckets = 1 << 16;

    private readonly ThrottleOptions _options;
    private readonly ThrottleMeter _meter;
    private readonly RefusalTally _tally;
    private readonly RefusalDelay _delay;
    private readonly List<PartitionedRateLimiter<IReadOnlyList<AddressBlock>>> _limiters;

    public FloodGate(
        IOptions<ThrottleOptions> options, ThrottleMeter meter, RefusalTally tally, RefusalDelay delay)
    {
        (_options, _meter, _tally, _delay) = (options.Value, meter, tally, delay);

        // The narrowest first: what it refuses takes nothing from the neighbours' share.
        _limiters = [.. Enumerable.Range(1, AddressBlock.LongestPath).Select(CountBy)];
        Limiter = PartitionedRateLimiter.CreateChained([.. _limiters]);
    }

    /// <summary>Counts by an address's <see cref="AddressBlock.PathOf">networks</see>.</summary>
    public PartitionedRateLimiter<IReadOnlyList<AddressBlock>> Limiter { get; }

    /// <summary>The middleware. ASP.NET Core's own never ends the timers of its limiters.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsCounted(context))
        {
            await next(context);
            return;
        }

        using var lease = Limiter.AttemptAcquire(AddressBlock.PathOf(Client.Of(context).Address));
        await (lease.IsAcquired ? next(context) : RefuseAsync(context));
    }

    /// <summary>Whether its method only reads (RFC 9110 §9.2.1).</summary>
    public static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
        || HttpMethods.IsOptions(request.Method);

    /// <summary>Ends the limiters' timers, which would hold a portal that has stopped in memory.</summary>
    public void Dispose() => _limiters.ForEach(limiter => limiter.Dispose());

    /// <param name="fromEnd">Which network of an address: 1 for the narrowest.</param>
    private PartitionedRateLimiter<IReadOnlyList<AddressBlock>> CountBy(int fromEnd) =>
        PartitionedRateLimiter.Create<IReadOnlyList<AddressBlock>, (int Share, int Bucket)>(path =>
            fromEnd <= path.Count
                ? RateLimitPartition.GetTokenBucketLimiter(KeyOf(path[^fromEnd]), BucketOf)
                : RateLimitPartition.GetNoLimiter((0, 0)));

    private TokenBucketRateLimiterOptions BucketOf((int Share, int Bucket) key) =>
        _options.Flood.For(key.Share).AsTokenBucket();

    private static (int Share, int Bucket) KeyOf(AddressBlock block) => (block.Share, block.BucketOf(Buckets));

    private bool IsCounted(HttpContext context)
    {
        var marks = context.GetEndpoint()?.Metadata;
        return (!IsRead(context.Request) || marks?.GetMetadata<CountsAsChange>() is not null)
            && _options.Counts(Client.Of(context).Address)
            && marks?.GetMetadata<NoFlood>() is null;
    }

    private async Task RefuseAsync(HttpContext context)
    {
        _meter.Refused(_options.Flood);
        var client = Client.Of(context);
        _tally.Note(AuditTypes.Throttled, $"{_options.Flood.Name} {AddressBlock.Of(client.Address)}", null, client);
        await _delay.WaitAsync(context.RequestAborted);
        await AuthErrors.TooManyRequests(TimeSpan.FromSeconds(1)).AnswerAsync(context);
    }
}
