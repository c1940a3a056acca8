using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Interop;

/// <summary>The services to copy, against a running portal: what they let in, and what they keep out.</summary>
[Trait("Category", "Interop")]
public sealed class VerifierTests(Neighbours neighbours, ITestOutputHelper output) : IClassFixture<Neighbours>
{
    private readonly PortalProcess _portal = neighbours.Portal;

    [Theory, InlineData(Service.FastApi), InlineData(Service.Node), InlineData(Service.AspNet)]
    public async Task A_service_knows_who_is_asking_and_hides_what_is_anothers(string ecosystem)
    {
        var service = neighbours[ecosystem];
        var (ada, ben) = (await Caller.SignUpAsync(_portal), await Caller.SignUpAsync(_portal));

        Assert.Equal(HttpStatusCode.OK, await service.NotesAsync(ada.Id, ada.AccessToken));
        Assert.Equal(HttpStatusCode.NotFound, await service.NotesAsync(ben.Id, ada.AccessToken));
        Assert.Equal(HttpStatusCode.NotFound, await service.NotesAsync(Guid.NewGuid(), ada.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await service.NotesAsync(ada.Id, token: null));
    }

    [Theory, InlineData(Service.FastApi), InlineData(Service.Node), InlineData(Service.AspNet)]
    public async Task A_service_refuses_every_forgery_and_every_other_kind_of_ours(string ecosystem)
    {
        var service = neighbours[ecosystem];
        var ada = await Caller.SignUpAsync(_portal);
        using var forgeries = new Forgeries(_portal.Url, neighbours.Keys, ada.Id);
        using var http = _portal.Client();
        var refused = forgeries.All().Concat(forgeries.WithPublicKeyAsSecret()).ToDictionary();
        refused["a refresh token"] = ada.RefreshToken;
        refused["the revocation list"] = await http.GetStringAsync("/.well-known/revocations");

        Assert.Equal(HttpStatusCode.OK, await service.NotesAsync(ada.Id, forgeries.Faithful));
        foreach (var (name, token) in refused)
            Assert.Equal((name, HttpStatusCode.Unauthorized), (name, await service.NotesAsync(ada.Id, token)));
        output.WriteLine($"{ecosystem} refused: {string.Join("; ", refused.Keys)}");
    }

    [Theory]
    [InlineData(Service.FastApi, "/api/auth/sign-out"), InlineData(Service.FastApi, "/api/auth/revoke-sessions")]
    [InlineData(Service.Node, "/api/auth/sign-out"), InlineData(Service.Node, "/api/auth/revoke-sessions")]
    public async Task A_service_that_follows_the_revocations_hears_of_an_end_within_five_seconds(
        string ecosystem, string howItEnds)
    {
        var service = neighbours[ecosystem];
        var (ada, ben) = (await Caller.SignUpAsync(_portal), await Caller.SignUpAsync(_portal));
        Assert.Equal(HttpStatusCode.OK, await service.NotesAsync(ada.Id, ada.AccessToken));

        await ada.PostAsync(_portal, howItEnds);

        var heard = await Wait.UntilAsync(
            async () => await service.NotesAsync(ada.Id, ada.AccessToken) == HttpStatusCode.Unauthorized);
        output.WriteLine($"{ecosystem} refused {heard.TotalSeconds:0.00} s after {howItEnds}");
        Assert.InRange(heard, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, await service.NotesAsync(ben.Id, ben.AccessToken));
    }

    [Fact]
    public async Task No_call_to_a_service_is_a_call_to_the_portal()
    {
        var ada = await Caller.SignUpAsync(_portal);
        string[] ecosystems = [Service.FastApi, Service.Node, Service.AspNet];
        foreach (var ecosystem in ecosystems)
            await neighbours[ecosystem].NotesAsync(ada.Id, ada.AccessToken);
        var before = Requests().Count;
        var started = Stopwatch.StartNew();
        var calls = 0;

        for (; started.Elapsed < TimeSpan.FromSeconds(3); calls++)
            await neighbours[ecosystems[calls % 3]].NotesAsync(ada.Id, ada.AccessToken);

        var requests = Requests().Skip(before).ToList();
        var seconds = started.Elapsed.TotalSeconds;
        output.WriteLine($"{calls} calls in {seconds:0.0} s; the portal was asked {requests.Count} times");
        Assert.All(requests, path => Assert.Equal("/.well-known/revocations", path));
        Assert.InRange(requests.Count, 1, 2 * (seconds + 1)); // two of the three follow it, once a second each
        Assert.InRange(calls, 2 * requests.Count, int.MaxValue);
        Assert.Contains("/.well-known/revocations - 304", _portal.Said, StringComparison.Ordinal);
    }

    /// <summary>The paths the portal was asked for, as its log has them.</summary>
    private List<string> Requests() =>
        [.. Regex.Matches(_portal.Said, @"Request starting \S+ \w+ http://[^/\s]+(\S+)").Select(r => r.Groups[1].Value)];
}
