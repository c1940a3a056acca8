using Microsoft.Extensions.Options;

namespace AuthPortal.Throttling;

/// <summary>
/// Has whoever is refused wait a moment for the answer. A flood that is answered at once sends its next request at
/// once, and takes from everybody else the processor that reads and refuses it; so each of its connections gets four
/// answers a second. Only so many wait at a time: beyond that a connection costs more than an answer.
/// </summary>
internal sealed class RefusalDelay(IOptions<ThrottleOptions> options)
{
    private const int Most = 1_000;

    private int _waiting;

    public async Task WaitAsync(CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) <= Most && options.Value.HoldRefused > TimeSpan.Zero)
                await Task.Delay(options.Value.HoldRefused, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
