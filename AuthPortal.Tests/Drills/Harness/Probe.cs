using System.Collections.Concurrent;
using System.Globalization;
using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>Asks the same thing over and over on a thread of its own, and keeps how it was answered.</summary>
internal sealed class Probe : IDisposable
{
    private readonly ConcurrentQueue<RawReply> _replies = new();
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="pause">Between an answer and the next question.</param>
    public Probe(Func<RawReply> ask, TimeSpan pause)
    {
        _thread = new Thread(() =>
        {
            while (!_stopping)
            {
                _replies.Enqueue(ask());
                Thread.Sleep(pause);
            }
        });
        _thread.Start();
    }

    /// <summary>GET /api/me over one connection, as somebody who has just signed up.</summary>
    public static async Task<Probe> OfVerificationAsync(PortalProcess portal)
    {
        using var http = portal.Client();
        using var signedUp = await http.SendAsync(
            HttpMethod.Post,
            "/api/auth/sign-up/email",
            bearer: null,
            new { name = "Ada", email = Api.NewEmail(), password = Api.Password });
        var request = RawHttp.Get("/api/me", await signedUp.TextAsync("token"));
        var client = new RawHttp("127.0.0.1", new Uri(portal.Url).Port);
        return new Probe(() => client.Send(request), TimeSpan.FromMilliseconds(20));
    }

    public int Count => _replies.Count;

    public int Failed => _replies.Count(reply => reply.Status != 200);

    public TimeSpan P50 => Percentile(0.5);

    public TimeSpan P99 => Percentile(0.99);

    public TimeSpan Slowest => Percentile(1);

    /// <summary>Such as <c>900 times, 0 failed, p50 1.2 ms, p99 8.0 ms, at most 20.1 ms</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} times, {Failed} failed, p50 {Milliseconds(0.5)}, p99 {Milliseconds(0.99)}, at most {Milliseconds(1)}");

    /// <summary>How many were answered 200 within that time.</summary>
    public int WellWithin(TimeSpan limit) => _replies.Count(reply => reply.Status == 200 && reply.Took <= limit);

    public void Stop()
    {
        _stopping = true;
        _thread.Join();
    }

    public void Dispose() => Stop();

    private string Milliseconds(double share) =>
        Percentile(share).TotalMilliseconds.ToString("0.0 'ms'", CultureInfo.InvariantCulture);

    private TimeSpan Percentile(double share)
    {
        var times = _replies.Select(reply => reply.Took).Order().ToList();
        return times.Count == 0 ? TimeSpan.Zero : times[Math.Min(times.Count - 1, (int)(times.Count * share))];
    }
}
