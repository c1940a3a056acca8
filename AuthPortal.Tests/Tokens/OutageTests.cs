using System.Net;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>PostgreSQL stops under signed-in people, and comes back.</summary>
[Collection(OutageServer.Run)]
public sealed class OutageTests(OutageServer outages)
{
    [Fact]
    public async Task Without_its_database_the_portal_goes_on_as_far_as_tokens_reach_and_recovers_by_itself()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
        var server = outages.Server;
        await using var portal = new Portal { Database = await outages.NewDatabaseAsync(), Clock = time };
        portal.Settings["Database:ConnectTimeout"] = "2";
        var http = portal.Stranger();
        var person = await portal.NewPersonAsync();
        var cookies = await portal.SignInAgainAsync(person);
        await server.StopAsync();

        await AssertGoesOnAsync(http, cookies, "young");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", person.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/.well-known/revocations")).StatusCode);

        time.Advance(TimeSpan.FromMinutes(11));
        await AssertGoesOnAsync(http, cookies, "ageing");

        time.Advance(TimeSpan.FromMinutes(5));
        var page = http.GetAsync("/account", cookies);
        var answers = await Task.WhenAll(
            http.GetAsync("/api/me", cookies),
            http.PostAsync("/api/auth/refresh", cookies),
            http.GetAsync("/api/auth/token", person.RefreshToken),
            http.SignInAsync(person.Email),
            http.SignUpAsync(Api.NewEmail()));
        foreach (var answer in answers)
            await AssertTryAgainAsync(answer);
        await AssertTryAgainPageAsync(await page);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/sign-in")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/healthz/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz/live")).StatusCode);

        await server.ContinueAsync();
        var renewed = await http.GetAsync("/account", cookies);
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.NotNull(renewed.Cookie("access"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", cookies.After(renewed))).StatusCode);
    }

    private static async Task AssertGoesOnAsync(HttpClient http, SessionCookies cookies, string age)
    {
        foreach (var path in (string[])["/api/me", "/account"])
        {
            var response = await http.GetAsync(path, cookies);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} with a token that is {age}: {response}");
            Assert.Null(response.Cookie("access"));
        }
    }

    private static async Task AssertTryAgainAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("DATABASE_UNAVAILABLE", await response.TextAsync("code"));
        Assert.NotNull(response.Header("Retry-After"));
        Assert.Null(response.Header("Set-Cookie"));
        response.AssertGuarded();
    }

    private static async Task AssertTryAgainPageAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Back in a moment", await response.Content.ReadAsStringAsync());
        Assert.NotNull(response.Header("Retry-After"));
        Assert.Null(response.Cookie("access"));
        Assert.Null(response.Cookie("refresh"));
        response.AssertGuarded();
    }
}
