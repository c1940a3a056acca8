using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>However often a session is renewed, it has an end. Each test moves time: each has its own portal's clock.</summary>
public sealed class SessionEndTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private readonly HttpClient _http = portal.Stranger();

    [Theory]
    [InlineData(true, 30 * 24)]
    [InlineData(false, 12)]
    public async Task A_session_ends_on_the_second_however_often_it_was_renewed(bool rememberMe, int hours)
    {
        var cookies = await portal.SignInAgainAsync(portal.Ada, rememberMe);
        var step = TimeSpan.FromHours(rememberMe ? 24 : 1);
        var end = portal.Time.GetUtcNow() + TimeSpan.FromHours(hours);
        while (portal.Time.GetUtcNow() + step < end)
        {
            portal.Time.Advance(step);
            var renewed = await _http.GetAsync("/api/me", cookies);
            Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
            cookies = cookies.After(renewed);
            Assert.InRange(Expiry(cookies.Refresh!), portal.Time.GetUtcNow(), end);
        }

        portal.Time.Advance(end - portal.Time.GetUtcNow() - TimeSpan.FromSeconds(5));
        var last = await _http.GetAsync("/api/me", cookies);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        cookies = cookies.After(last);
        Assert.Equal(end, Expiry(cookies.Access!));
        Assert.Equal(end, Expiry(cookies.Refresh!));

        portal.Time.Advance(TimeSpan.FromSeconds(5));
        var over = await _http.GetAsync("/api/me", cookies);
        Assert.Equal(HttpStatusCode.Unauthorized, over.StatusCode);
        Assert.Equal(new SessionCookies("", ""), SessionCookies.Of(over));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.PostAsync("/api/auth/refresh", cookies)).StatusCode);
    }

    [Fact]
    public async Task Who_stays_away_for_a_week_signs_in_again()
    {
        var cookies = await portal.SignInAgainAsync(portal.Ada);

        portal.Time.Advance(TimeSpan.FromDays(6.99));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", cookies)).StatusCode);
        portal.Time.Advance(TimeSpan.FromDays(0.02));

        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/me", cookies)).StatusCode);
        var page = await _http.GetAsync("/account", cookies);
        Assert.Equal("/sign-in?returnUrl=%2Faccount", page.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_access_token_is_believed_for_fifteen_minutes_and_the_skew()
    {
        var response = await _http.SignInAsync(portal.Ada.Email);
        var token = await response.TextAsync("token");

        portal.Time.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", token)).StatusCode);
        portal.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync("/api/me", token)).StatusCode);
    }

    private static DateTimeOffset Expiry(string token) =>
        DateTimeOffset.FromUnixTimeSeconds(Forge.Read(token)["exp"]!.GetValue<long>());
}
