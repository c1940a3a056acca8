using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AuthPortal.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class JwksTests : IAsyncLifetime
{
    private const string WellKnown = "/.well-known/jwks.json";

    private readonly WebApplication _app = Hosts.Build(new() { ["BETTER_AUTH_SECRET"] = Rings.Old });

    private HttpClient _client = null!;

    public async Task InitializeAsync() => _client = await _app.ServeAsync();

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Both_addresses_serve_the_same_bytes()
    {
        var one = await _client.GetAsync(WellKnown);
        var other = await _client.GetAsync("/api/auth/jwks");

        Assert.Equal(await one.Content.ReadAsByteArrayAsync(), await other.Content.ReadAsByteArrayAsync());
        Assert.Equal(one.Headers.ETag, other.Headers.ETag);
        Assert.Equal("application/json", one.Content.Headers.ContentType?.ToString());
        Assert.Equal("public, max-age=3600", one.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Only_public_members_are_served_and_each_key_once()
    {
        using var set = JsonDocument.Parse(await _client.GetStringAsync(WellKnown));

        var keys = set.RootElement.GetProperty("keys").EnumerateArray().ToArray();
        Assert.Equal(["keys"], set.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.All(keys, key => Assert.Equal(
            ["kty", "crv", "x", "y", "alg", "use", "kid"], key.EnumerateObject().Select(member => member.Name)));
        Assert.All(keys, key => Assert.Equal("ES256", key.GetProperty("alg").GetString()));
        Assert.All(keys, key => Assert.Equal("sig", key.GetProperty("use").GetString()));
        Assert.Equal(keys.Length, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
        Assert.Equal(6, keys.Length); // three epochs of generations 0 and 1
    }

    [Fact]
    public async Task The_key_that_signs_stands_first_and_verifies_from_what_is_served_alone()
    {
        using var set = JsonDocument.Parse(await _client.GetStringAsync(WellKnown));
        var ring = _app.Services.GetRequiredService<KeyRing>();
        var first = set.RootElement.GetProperty("keys")[0];
        var token = Rings.Sign(ring.AccessSigning).Split('.');

        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = { X = Member("x"), Y = Member("y") },
        });

        Assert.Equal(ring.AccessSigning.Kid, first.GetProperty("kid").GetString());
        Assert.True(key.VerifyData(
            System.Text.Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"),
            Base64UrlEncoder.DecodeBytes(token[2]),
            HashAlgorithmName.SHA256));

        byte[] Member(string name) => Base64UrlEncoder.DecodeBytes(first.GetProperty(name).GetString());
    }

    [Theory]
    [InlineData(WellKnown)]
    [InlineData("/api/auth/jwks")]
    public async Task Who_has_the_set_is_told_that_nothing_changed(string path)
    {
        var first = await _client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        var second = await _client.SendAsync(request);

        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(first.Headers.CacheControl, second.Headers.CacheControl);
    }

    [Fact]
    public async Task Who_has_another_set_is_given_this_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, WellKnown);
        request.Headers.IfNoneMatch.ParseAdd("\"another\"");

        Assert.Equal(HttpStatusCode.OK, (await _client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task The_well_known_address_answers_HEAD_and_refuses_what_would_write()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, WellKnown);
        var head = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.NotNull(head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.PostAsync(WellKnown, null)).StatusCode);
    }

    [Fact]
    public void A_rotation_changes_the_entity_tag_and_time_alone_does_not()
    {
        var clock = Rings.ClockAt(2026, 1, 1);
        using var ring = Rings.Ring(clock);
        var first = ring.Published;

        clock.Advance(TimeSpan.FromHours(1));
        Assert.Same(first, ring.Published);

        clock.Advance(TimeSpan.FromDays(90));
        Assert.NotEqual(first.ETag, ring.Published.ETag);
    }
}
