using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>How often passkeys may be tried from one neighbourhood of the network.</summary>
public sealed class PasskeyThrottleTests(AddressedPortal portal) : IClassFixture<AddressedPortal>
{
    private static readonly object Nonsense = new { response = new { id = "AAAA" } };

    [Fact]
    public async Task After_thirty_answers_the_neighbourhood_waits_and_others_do_not()
    {
        var first = await Task.WhenAll(Enumerable.Range(1, 30).Select(n => AnswerAsync($"203.0.113.{n}")));
        Assert.All(first, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));

        var refused = await AnswerAsync("203.0.113.200");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("TOO_MANY_REQUESTS", await refused.TextAsync("code"));
        Assert.Equal("2", refused.Header("Retry-After"));
        refused.AssertGuarded();
        Assert.Equal(HttpStatusCode.BadRequest, (await AnswerAsync("203.0.114.1")).StatusCode);

        portal.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.BadRequest, (await AnswerAsync("203.0.113.1")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await AnswerAsync("203.0.113.1")).StatusCode);
    }

    [Fact]
    public async Task After_sixty_challenges_there_is_one_a_second()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 61).Select(n => ChallengeAsync($"2001:db8::{n:x}")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(60, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(HttpStatusCode.OK, (await ChallengeAsync("2001:db8:0:1::1")).StatusCode);
    }

    [Theory]
    [InlineData("/sign-in", "Sign in with a passkey", "assertion", "198.51.100.1")]
    [InlineData("/sign-up", PasskeyPages.SignUpButton, "attestation", "192.0.2.1")]
    public async Task The_pages_say_how_long_to_wait(string page, string button, string field, string address)
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AnswerAsync(address)));
        var browser = portal.BrowserAt(address);
        await browser.OpenAsync(page);
        if (field == "attestation")
        {
            browser.Fill("Name", "Ada");
            browser.Fill("Email", Api.NewEmail());
        }

        browser.Put(field, []);
        await browser.SubmitAsync(button);

        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Status);
        Assert.Equal("Too many tries. Please wait 2 seconds, then try again.", browser.Summary);
        Assert.Equal("2", browser.Response.Header("Retry-After"));
    }

    private Task<HttpResponseMessage> AnswerAsync(string address) =>
        portal.From(address).PasskeyAsync("verify-authentication", Nonsense);

    private Task<HttpResponseMessage> ChallengeAsync(string address) =>
        portal.From(address).GetAsync("/api/auth/passkey/generate-authenticate-options");
}
