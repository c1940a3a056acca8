using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>Keys change, by the calendar or by hand, and nobody who is signed in notices.</summary>
public sealed class KeyChangeTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private static readonly TimeSpan Rotation = TimeSpan.FromDays(90);

    private readonly FakeTimeProvider _clock = portal.Time;

    [Fact]
    public async Task A_token_of_the_old_key_verifies_until_it_ends()
    {
        MoveTo(NextRotation - TimeSpan.FromMinutes(5));
        var ada = await portal.NewPersonAsync();
        var before = await JwksAsync();

        MoveTo(NextRotation + TimeSpan.FromMinutes(5));
        var later = await portal.NewPersonAsync("Eve");

        Assert.NotEqual(KidOf(ada.AccessToken), KidOf(later.AccessToken));
        Assert.Equal(HttpStatusCode.OK, (await ada.Http.GetAsync("/api/me", ada.AccessToken)).StatusCode);
        Assert.Contains(before.Keys, key => key.Kid == KidOf(later.AccessToken));

        _clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ada.Http.GetAsync("/api/me", ada.AccessToken)).StatusCode);
    }

    [Fact]
    public async Task A_verifier_that_holds_the_keys_of_a_month_ago_meets_no_unknown_one()
    {
        for (var month = 0; month < 12; month++)
        {
            var held = await JwksAsync();
            _clock.Advance(TimeSpan.FromDays(30));
            var token = (await portal.NewPersonAsync()).AccessToken;
            var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
            {
                ValidIssuer = Portal.Url,
                ValidAudience = Portal.Url,
                IssuerSigningKeys = held.Keys,
                TryAllIssuerSigningKeys = false,
                LifetimeValidator = (_, _, _, _) => true,
            });
            Assert.True(result.IsValid, $"month {month}: {result.Exception?.Message}");
        }
    }

    [Fact]
    public async Task A_session_is_renewed_across_a_rotation()
    {
        MoveTo(NextRotation - TimeSpan.FromDays(1));
        var ada = await portal.NewPersonAsync();

        for (var day = 0; day < 6; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            Assert.Equal(HttpStatusCode.OK, (await ada.Http.GetAsync("/api/me")).StatusCode);
        }
    }

    [Fact]
    public async Task A_secret_changed_in_three_steps_signs_nobody_out()
    {
        const string Newer = "2:a-newer-one-Qw7zX0pLm3vT8rKc5hYd";
        var ada = await portal.NewPersonAsync();
        foreach (var secrets in (string[])[$"1:{Portal.Secret},{Newer}", $"{Newer},1:{Portal.Secret}"])
        {
            var step = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRETS"] = secrets);
            var http = step.Stranger();
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", ada.AccessToken)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/auth/get-session", ada.RefreshToken)).StatusCode);

            // And the other way round, while instances still run on the step before.
            var eve = await step.NewPersonAsync("Eve");
            var expected = secrets.StartsWith('1') ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
            Assert.Equal(expected, (await ada.Http.GetAsync("/api/me", eve.AccessToken)).StatusCode);
        }

        var last = portal.Sibling(p => p.Settings["BETTER_AUTH_SECRETS"] = Newer);
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await last.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode);
    }

    [Fact]
    public async Task The_same_secret_under_another_address_accepts_neither_tokens_nor_forms()
    {
        var other = portal.Sibling(p => p.Settings["Portal:PublicUrl"] = "https://staging.test");
        var ada = await portal.NewPersonAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode);
        Assert.Equal("null", await (await other.Stranger().GetAsync("/api/auth/get-session", ada.RefreshToken))
            .Content.ReadAsStringAsync());

        var browser = portal.Browser();
        await browser.OpenAsync("/sign-up");
        using var form = browser.Request("Create account");
        var response = await other.Stranger().SendAsync(form);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("open too long", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private DateTimeOffset NextRotation =>
        DateTimeOffset.UnixEpoch + (Rotation * Math.Ceiling((_clock.GetUtcNow() - DateTimeOffset.UnixEpoch) / Rotation));

    private void MoveTo(DateTimeOffset time) => _clock.Advance(time - _clock.GetUtcNow());

    private async Task<JsonWebKeySet> JwksAsync() =>
        new(await portal.Stranger().GetStringAsync("/.well-known/jwks.json"));

    private static string KidOf(string token) => new JsonWebToken(token).Kid;
}
