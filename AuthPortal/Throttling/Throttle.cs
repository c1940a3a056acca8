using AuthPortal.Keys;

namespace AuthPortal.Throttling;

/// <summary>
/// Lets through a burst, then one at a time, by the generic cell rate algorithm (ITU-T I.371): one time stamp for
/// each subject, moved by one statement, so that all instances share it and of many at once exactly the burst passes.
/// <para>
/// Time is the portal's: an instance whose clock is ahead lets through once more for each interval it is ahead, and
/// that is all. Taking is a write of its own: inside a transaction, what is undone would be given back.
/// </para>
/// </summary>
internal sealed class Throttle(ThrottleStore store, ThrottleSweeper sweeper, KeyedDigests digests, TimeProvider clock)
{
    /// <summary>Takes one, be it before a try whose outcome nobody knows.</summary>
    /// <param name="subject">For whom: an account's id, an address. Never stored as it is.</param>
    /// <returns>Null where it may be; else how long until it may.</returns>
    public async Task<TimeSpan?> TakeAsync(ThrottleRule rule, string subject, CancellationToken ct)
    {
        var (key, now) = (KeyOf(rule, subject), clock.GetUtcNow());
        sweeper.Note();
        if (await store.TakeAsync(key, rule.Every, rule.Tolerance, now, ct))
            return null;

        // One that was given back meanwhile may be taken at once; to be told to wait is an answer all the same.
        var wait = await store.FindAsync(key, ct) - rule.Tolerance - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1);
    }

    /// <summary>Gives back what was taken for a try that turned out right: its success cost nobody anything.</summary>
    public Task GiveBackAsync(ThrottleRule rule, string subject, CancellationToken ct) =>
        store.GiveBackAsync(KeyOf(rule, subject), rule.Every, ct);

    private byte[] KeyOf(ThrottleRule rule, string subject) => digests.Of("throttle", $"{rule.Name} {subject}");
}

internal static class ThrottleSetup
{
    public static void AddThrottling(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<ThrottleStore>();
        services.AddScoped<Throttle>();
        services.AddSingleton<ThrottleSweeper>();
        services.AddHostedService(s => s.GetRequiredService<ThrottleSweeper>());
    }
}
