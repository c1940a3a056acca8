using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Drills;

/// <summary>One portal alone gets SIGTERM while people sign in: seen from right before it, without a proxy.</summary>
[Collection(DrillsInTurn.Name), Trait("Category", "Drill")]
public sealed class TerminatePortal(ITestOutputHelper output)
{
    private const int Workers = 8;

    private readonly ConcurrentQueue<Seen> _seen = new();

    private sealed record Seen(TimeSpan At, string What);

    [Fact]
    public async Task What_is_under_way_is_finished_and_readiness_is_red_before_anybody_is_refused()
    {
        await using var server = await PrivateServer.StartAsync(durable: true);
        await using var drill = Drill.Begin(
            output, nameof(TerminatePortal), $"SIGTERM while {Workers} people sign in over and over");
        var portal = await drill.StartPortalAsync(server.ConnectionString);
        var email = Api.NewEmail();
        using (var http = portal.Client())
            (await http.SignUpAsync(email)).EnsureSuccessStatusCode();

        var working = Enumerable.Range(0, Workers).Select(number => SignInAsync(drill, portal.Url, email, number)).ToList();
        var red = RedAsync(drill, portal.Url);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var told = drill.Journal.Now;
        var took = await drill.TerminateAsync(portal);
        await Task.WhenAll(working);

        var refused = _seen.Where(seen => seen.What == nameof(HttpRequestError.ConnectionError)).Min(seen => seen.At);
        var turnedRed = await red;
        drill.Line("sign-ins", string.Join(", ", _seen.CountBy(seen => seen.What).Select(kind => $"{kind.Key} × {kind.Value}")));
        drill.Line("  answered after SIGTERM", $"{_seen.Count(seen => seen.What == "OK" && seen.At > told)}");
        drill.Line("readiness red", $"{Journal.Seconds(turnedRed - told)} after SIGTERM");
        drill.Line("first connection refused", $"{Journal.Seconds(refused - told)} after SIGTERM");
        drill.Line("exit", $"{Journal.Seconds(took)} after SIGTERM");
        Assert.Empty(drill.Ledger.Wrongs);
        Assert.All(_seen, seen => Assert.Contains(seen.What, (string[])["OK", nameof(HttpRequestError.ConnectionError)]));
        Assert.InRange(turnedRed, told, refused);
        Assert.InRange(took.TotalSeconds, 0, 10);
    }

    /// <summary>Until nobody answers any more.</summary>
    private async Task SignInAsync(Drill drill, string url, string email, int number)
    {
        using var http = NewClient(url);
        for (; ; )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/sign-in/email");
            request.Headers.Add("X-Forwarded-For", $"10.9.{number}.{Random.Shared.Next(256)}");
            request.Content = JsonContent.Create(new { email, password = Api.Password });
            try
            {
                using var response = await http.SendAsync(request);
                await response.Content.ReadAsByteArrayAsync();
                _seen.Enqueue(new Seen(drill.Journal.Now, $"{response.StatusCode}"));
            }
            catch (HttpRequestException e)
            {
                _seen.Enqueue(new Seen(drill.Journal.Now, $"{e.HttpRequestError}"));
                return;
            }
        }
    }

    /// <returns>When readiness turned red.</returns>
    private static async Task<TimeSpan> RedAsync(Drill drill, string url)
    {
        using var http = NewClient(url);
        for (; ; await Task.Delay(20))
        {
            using var response = await http.GetAsync("/healthz/ready");
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                return drill.Journal.Now;
        }
    }

    private static HttpClient NewClient(string url) =>
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(url) };
}
