using System.Net;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>A signature is paid for once, and nothing else is taken on trust.</summary>
public sealed class VerifiedTokensTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task A_token_is_known_once_it_was_accepted_and_by_its_every_character()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Null(Find(ada.AccessToken));

        Assert.Equal(HttpStatusCode.OK, await MeAsync(ada.AccessToken));

        Assert.NotNull(Find(ada.AccessToken));
        Assert.Null(Find(ada.AccessToken[..^1]));
        Assert.Null(Find(ada.AccessToken.Replace('.', '?')));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(Changed(ada.AccessToken)));
    }

    [Fact]
    public async Task A_refused_one_never_is()
    {
        var forged = Changed((await portal.NewPersonAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(forged));

        Assert.Null(Find(forged));
    }

    [Fact]
    public async Task Its_end_is_its_end()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(ada.AccessToken));

        portal.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(Find(ada.AccessToken));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(ada.AccessToken)); // for clocks that are late
        portal.Time.Advance(TokenOptions.ClockSkew);

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(ada.AccessToken));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_it_one_of_the_future()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(ada.AccessToken));

        portal.Time.AdjustTime(portal.Time.GetUtcNow() - TimeSpan.FromMinutes(1));

        Assert.NotNull(Find(ada.AccessToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(ada.AccessToken));
        portal.Time.AdjustTime(portal.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task An_ended_session_is_refused_however_well_its_token_is_known()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(ada.AccessToken));

        await ada.Http.PostAsync("/api/auth/sign-out", new { });

        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(ada.AccessToken));
    }

    [Fact]
    public async Task With_other_keys_nothing_is_known_any_more()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(ada.AccessToken));
        Assert.NotNull(Find(ada.AccessToken));
        var now = portal.Time.GetUtcNow();

        portal.Time.AdjustTime(now + TimeSpan.FromDays(400));
        Assert.Null(Find(ada.AccessToken));
        portal.Time.AdjustTime(now);

        Assert.Null(Find(ada.AccessToken));
    }

    [Fact]
    public async Task There_are_never_more_than_its_size_and_none_where_that_is_nothing()
    {
        var few = portal.Sibling(other => other.Settings["Tokens:VerifiedCacheSize"] = "2");
        var none = portal.Sibling(other => other.Settings["Tokens:VerifiedCacheSize"] = "0");
        var tokens = new List<string>();
        for (var n = 0; n < 6; n++)
        {
            tokens.Add((await portal.NewPersonAsync()).AccessToken);
            Assert.Equal(HttpStatusCode.OK, await MeAsync(tokens[^1], few));
            Assert.Equal(HttpStatusCode.OK, await MeAsync(tokens[^1], none));
        }

        Assert.InRange(tokens.Count(token => Find(token, few) is not null), 0, 2);
        Assert.All(tokens, token => Assert.Null(Find(token, none)));
    }

    [Fact]
    public async Task A_long_one_takes_the_places_of_several()
    {
        var two = portal.Sibling(other => other.Settings["Tokens:VerifiedCacheSize"] = "2");
        var image = $"https://example.com/{new string('a', 1000)}";
        var body = new { name = "Ada", email = Api.NewEmail(), password = Api.Password, image };
        var longer = await (await portal.Stranger().PostAsync("/api/auth/sign-up/email", body)).TextAsync("token");
        Assert.InRange(longer.Length, 2 * 1024, StrictTokenHandler.MaxLength);

        Assert.Equal(HttpStatusCode.OK, await MeAsync(longer, two));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(longer));

        Assert.Null(Find(longer, two));
        Assert.NotNull(Find(longer));
    }

    [Fact]
    public async Task What_it_is_answered_by_holds_another_token_than_its_own_and_one_alone()
    {
        var ada = await portal.NewPersonAsync();

        var copies = new List<string>();
        for (var n = 0; n < 3; n++)
            copies.Add((await portal.Stranger().GetAsync("/api/auth/get-session", ada.AccessToken)).Header("set-auth-jwt")!);

        Assert.NotEqual(ada.AccessToken, Assert.Single(copies.Distinct()));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(copies[0]));
    }

    private async Task<HttpStatusCode> MeAsync(string token, Portal? at = null) =>
        (await (at ?? portal).Stranger().GetAsync("/api/me", token)).StatusCode;

    private JsonWebToken? Find(string token, Portal? at = null) =>
        (at ?? portal).Services.GetRequiredService<VerifiedTokens>().Find(token);

    /// <summary>With another letter in the middle of its signature.</summary>
    private static string Changed(string token)
    {
        var at = token.Length - 20;
        return string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1));
    }
}
