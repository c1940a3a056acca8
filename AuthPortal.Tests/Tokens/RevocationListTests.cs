using System.Net;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>What a service that verifies by itself learns of sessions that ended early.</summary>
public sealed class RevocationListTests(UnpolledPortal portal) : IClassFixture<UnpolledPortal>
{
    private const string Path = "/.well-known/revocations";

    private readonly HttpClient _http = portal.Stranger();

    private DateTime Now => portal.Time.GetUtcNow().UtcDateTime;

    [Fact]
    public async Task It_is_a_token_of_its_own_kind_that_the_published_keys_verify()
    {
        var response = await _http.GetAsync(Path);
        var keys = new JsonWebKeySet(await _http.GetStringAsync("/.well-known/jwks.json"));

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            await response.Content.ReadAsStringAsync(),
            new TokenValidationParameters
            {
                IssuerSigningKeys = keys.GetSigningKeys(),
                ValidIssuer = Portal.Url,
                ValidAudience = $"{Portal.Url}/revocations",
                ValidTypes = ["revocations+jwt"],
                ValidAlgorithms = ["ES256"],
                LifetimeValidator = (_, to, _, _) => Now < to,
            });

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("application/jwt", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=1", response.Header("Cache-Control"));
        Assert.InRange(result.SecurityToken.ValidTo, Now.AddMinutes(4), Now.AddMinutes(6));
    }

    [Fact]
    public async Task It_names_the_ended_session_or_the_version_below_which_a_person_has_none()
    {
        var (one, all) = (await portal.NewPersonAsync(), await portal.NewPersonAsync());
        var sid = Forge.Read(one.AccessToken)["sid"]!.GetValue<string>();

        await _http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", one.AccessToken);
        await _http.SendAsync(HttpMethod.Post, "/api/auth/revoke-sessions", all.AccessToken);

        portal.Time.Advance(TimeSpan.FromSeconds(1)); // another test's list may be younger
        var list = Forge.Read(await _http.GetStringAsync(Path));
        Assert.Contains(sid, list["sessions"]!.AsArray().Select(s => s!.GetValue<string>()));
        Assert.Equal(2, list["users"]![all.Id.ToString()]!.GetValue<int>());
        Assert.Equal(["aud", "exp", "iat", "iss", "sessions", "users"], list.Select(c => c.Key).Order());
    }

    [Fact]
    public async Task Who_holds_the_current_list_is_told_that_nothing_changed_until_something_does()
    {
        var person = await portal.NewPersonAsync();
        var before = (await _http.GetAsync(Path)).Headers.ETag!;
        var unchanged = await ConditionalAsync(before);

        await _http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", person.AccessToken);
        portal.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await ConditionalAsync(before);

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
        Assert.Equal(before, unchanged.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.NotEqual(before, after.Headers.ETag);
    }

    /// <summary>An ES256 signature differs each time, so each list that was signed is another text.</summary>
    [Fact]
    public async Task However_many_ask_at_once_one_of_them_signs_and_once_a_second_at_most()
    {
        var people = new[] { await portal.NewPersonAsync(), await portal.NewPersonAsync() };
        portal.Time.Advance(TimeSpan.FromSeconds(1));
        var before = await _http.GetStringAsync(Path);

        await _http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", people[0].AccessToken);
        Assert.Equal([before], await AskAtOnceAsync()); // a second has not passed

        portal.Time.Advance(TimeSpan.FromSeconds(1));
        await _http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", people[1].AccessToken);
        var after = await AskAtOnceAsync();

        Assert.Single(after.Except([before])); // the new one; some may have got the old one while it was signed
        Assert.Equal(after.Except([before]), await AskAtOnceAsync());
    }

    [Fact]
    public async Task It_can_be_written_while_more_is_revoked()
    {
        const int Count = 50_000;
        var set = ActivatorUtilities.CreateInstance<RevocationSet>(portal.Services);

        var adding = Task.Run(() =>
        {
            for (var n = 0; n < Count; n++)
                set.Add(new Revocation(Guid.NewGuid(), Sid: null, BelowVersion: 1));
        });
        while (!adding.IsCompleted)
            set.Snapshot();

        await adding;
        Assert.Equal(Count, set.Snapshot().Users.Count);
    }

    [Fact]
    public async Task What_no_living_token_can_be_is_forgotten()
    {
        var person = await portal.NewPersonAsync();
        var sid = Forge.Read(person.AccessToken)["sid"]!.GetValue<string>();
        await _http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", person.AccessToken);
        await portal.ExecuteAsync("update revocations set at = now() - interval '20 minutes'");

        var late = portal.Sibling().Stranger();

        Assert.DoesNotContain(sid, Forge.Read(await late.GetStringAsync(Path))["sessions"]!.ToJsonString());
        var renewal = await late.GetAsync("/api/auth/token", person.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, renewal.StatusCode); // the row outlives the memory
    }

    [Fact]
    public async Task It_takes_no_notice_of_who_asks()
    {
        var response = await _http.GetAsync(Path, new SessionCookies("x", "y"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(response.Header("Set-Cookie"));
        Assert.IsType<JsonArray>(Forge.Read(await response.Content.ReadAsStringAsync())["sessions"]);
    }

    /// <returns>The different lists that were answered.</returns>
    private async Task<IEnumerable<string>> AskAtOnceAsync() =>
        (await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => _http.GetStringAsync(Path))))).Distinct();

    private Task<HttpResponseMessage> ConditionalAsync(System.Net.Http.Headers.EntityTagHeaderValue tag) =>
        _http.SendAsync(Visit.Request(HttpMethod.Get, Path, ("If-None-Match", tag.ToString())));
}
