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
    public async Task A_whole_site_of_ipv6_has_eight_times_the_budget_of_one_prefix()
    {
        var answers = new List<HttpResponseMessage>();
        foreach (var prefix in Enumerable.Range(0, 9))
        {
            answers.AddRange(await Task.WhenAll(
                Enumerable.Range(0, 30).Select(n => AnswerAsync($"2001:db8:1:{prefix}::{n:x}"))));
        }

        Assert.Equal(240, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(30, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.BadRequest, (await AnswerAsync("2001:db8:2::1")).StatusCode);
    }

    [Fact]
    public async Task Whoever_signs_in_takes_nothing_from_their_neighbours()
    {
        var ada = await portal.NewPersonAsync();
        var authenticator = new SoftwareAuthenticator();
        await ada.Http.RegisterAsync(authenticator);
        var http = portal.ProgramAt("198.51.101.77");
        for (var n = 0; n < 35; n++)
        {
            portal.Time.Advance(TimeSpan.FromMilliseconds(1)); // a challenge is younger than the last
            Assert.Equal(HttpStatusCode.OK, (await http.SignInByPasskeyAsync(authenticator)).StatusCode);
            await portal.SettledAsync(); // what was taken is given back once the answer is on its way
        }
    }

    [Fact]
    public async Task Challenges_are_as_many_as_the_gate_before_floods_lets_through()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => ChallengeAsync("192.0.9.1")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await portal.RefusedByFloodGateAsync("192.0.9.1", () => ChallengeAsync("192.0.9.1"));
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
