using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>Two instances whose clocks disagree. What was made in the future is refused, and not thrown away.</summary>
public sealed class ClockSkewTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task Clocks_twenty_seconds_apart_do_no_harm()
    {
        var ahead = Ahead(TimeSpan.FromSeconds(20));
        var made = SessionCookies.Of(await ahead.SignInAsync(portal.Ada.Email));

        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", made)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ahead.GetAsync("/api/me", portal.Cookies)).StatusCode);
        var renewed = await portal.Stranger().GetAsync("/account", made with { Access = null });
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.NotNull(renewed.Cookie("access"));
    }

    [Fact]
    public async Task Tokens_from_ninety_seconds_in_the_future_are_refused_and_the_cookies_kept_until_they_count()
    {
        var ahead = Ahead(TimeSpan.FromSeconds(90));
        var made = SessionCookies.Of(await ahead.SignInAsync(portal.Ada.Email));
        var http = portal.Stranger();

        foreach (var cookies in (SessionCookies[])[made, made with { Access = null }])
        {
            AssertKept(HttpStatusCode.Unauthorized, await http.GetAsync("/api/me", cookies));
            AssertKept(HttpStatusCode.OK, await http.GetAsync("/api/auth/get-session", cookies));
            AssertKept(HttpStatusCode.Redirect, await http.GetAsync("/account", cookies));
            AssertKept(HttpStatusCode.OK, await http.GetAsync("/sign-in", cookies));
            AssertKept(HttpStatusCode.Unauthorized, await http.PostAsync("/api/auth/refresh", cookies));
            AssertKept(HttpStatusCode.Unauthorized, await http.PostAsync("/api/auth/update-user", cookies, new { name = "A" }));
        }

        Assert.Equal(HttpStatusCode.OK, (await ahead.GetAsync("/api/me", portal.Cookies)).StatusCode);
        portal.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", made)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/account", made with { Access = null })).StatusCode);
    }

    private static void AssertKept(HttpStatusCode expected, HttpResponseMessage response)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Null(response.Cookie("access"));
        Assert.Null(response.Cookie("refresh"));
    }

    private HttpClient Ahead(TimeSpan by) =>
        portal.Sibling(other => other.Clock = new FakeTimeProvider(portal.Time.GetUtcNow() + by)).Stranger();
}
