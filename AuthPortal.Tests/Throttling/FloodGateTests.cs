using System.Diagnostics;
using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Throttling;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Throttling;

/// <summary>Plain floods are turned away in memory, before anything else is done for them.</summary>
public sealed class FloodGateTests(AddressedPortal portal) : IClassFixture<AddressedPortal>
{
    private const int PerSecond = 50;

    [Fact]
    public async Task Two_hundred_at_once_pass_from_one_block_and_the_next_is_told_to_wait()
    {
        var started = Stopwatch.GetTimestamp();
        var answers = await FloodAsync("/api/auth/sign-in/email", n => $"203.0.113.{n % 250}", 200);
        Assert.DoesNotContain(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);

        var more = portal.ExhaustFloodGate("203.0.113.7");
        var seconds = Math.Ceiling(Stopwatch.GetElapsedTime(started).TotalSeconds); // of which each gives some back
        Assert.InRange(more, 0, PerSecond * seconds);
        var refused = await portal.RefusedByFloodGateAsync(
            "203.0.113.7", () => PostAsync("/api/auth/sign-in/email", "203.0.113.8"));
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal("TOO_MANY_REQUESTS", await refused.TextAsync("code"));
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.NotEqual(
            HttpStatusCode.TooManyRequests, (await PostAsync("/api/auth/sign-in/email", "203.0.114.1")).StatusCode);
    }

    [Fact]
    public async Task People_get_a_page_that_says_so()
    {
        var refused = await portal.RefusedByFloodGateAsync("198.51.100.1", () => PostAsync("/sign-in", "198.51.100.1"));

        Assert.Equal("text/html", refused.Content.Headers.ContentType?.MediaType);
        Assert.Contains(
            "Too many tries. Please wait a second", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("1", refused.Header("Retry-After"));
    }

    [Fact]
    public async Task Reading_is_never_turned_away()
    {
        portal.ExhaustFloodGate("192.0.2.1");

        Assert.Equal(HttpStatusCode.OK, (await portal.From("192.0.2.1").GetAsync("/sign-in")).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK, (await portal.From("192.0.2.1").GetAsync("/.well-known/jwks.json")).StatusCode);
    }

    [Fact]
    public void Only_what_a_server_does_cheaply_for_all_its_people_is_not_counted()
    {
        portal.Stranger().Dispose(); // it starts the portal
        var free = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<NoFlood>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'));

        Assert.Equal(["/api/auth/refresh", "/api/auth/sign-out", "/error/{status:int}"], free.Order());
    }

    private Task<HttpResponseMessage[]> FloodAsync(string path, Func<int, string> address, int times) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(n => PostAsync(path, address(n))));

    private Task<HttpResponseMessage> PostAsync(string path, string address) =>
        portal.From(address).PostAsync(path, new { });
}
