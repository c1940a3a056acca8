using AuthPortal.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace AuthPortal.Tests.Browser;

/// <summary>What a real browser and authenticator make, and the portal refuses nevertheless.</summary>
[Trait("Category", "Browser")]
public sealed class PasskeyRefusalTests(BrowsedPortal portal) : IClassFixture<BrowsedPortal>
{
    private const string Options = "async () => JSON.stringify(await (await fetch('/api/auth/passkey/generate-authenticate-options')).json())";

    private const string Get = """
        async ({ options, change }) => {
          const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...JSON.parse(options), ...change });
          return JSON.stringify((await navigator.credentials.get({ publicKey })).toJSON());
        }
        """;

    private const string Answer = """
        async (assertion) => {
          const answer = await fetch("/api/auth/passkey/verify-authentication", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ response: JSON.parse(assertion) }),
          });
          return `${answer.status} ${(await answer.json()).code ?? ""}`.trim();
        }
        """;

    [BrowserFact]
    public async Task An_assertion_is_taken_once()
    {
        var visitor = await SignedOutAsync();
        var options = await visitor.Page.EvaluateAsync<string>(Options);
        var challenge = await ChallengeAsync(visitor);
        var assertion = await GetAsync(visitor, options);
        Assert.Equal("200", await AnswerAsync(visitor, assertion));

        await visitor.Page.Context.ClearCookiesAsync();
        Assert.Equal("400 CHALLENGE_NOT_FOUND", await AnswerAsync(visitor, assertion));
        await visitor.Page.Context.AddCookiesAsync([challenge]);
        Assert.Equal("401 AUTHENTICATION_FAILED", await AnswerAsync(visitor, assertion));
    }

    [BrowserFact]
    public async Task An_assertion_made_on_another_origin_is_refused()
    {
        var visitor = await SignedOutAsync();
        var options = await visitor.Page.EvaluateAsync<string>(Options);
        var elsewhere = $"http://localhost:{LoopbackPort.TakeForGood()}/";
        await visitor.Page.RouteAsync(
            $"{elsewhere}**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<h1>Win a prize</h1>" }));
        await visitor.OpenAsync(elsewhere);
        var assertion = await GetAsync(visitor, options); // the browser allows it: the host is the same
        await visitor.OpenAsync("/forgot-password");

        Assert.Equal("401 AUTHENTICATION_FAILED", await AnswerAsync(visitor, assertion));
    }

    [BrowserFact]
    public async Task An_assertion_without_finger_or_PIN_is_refused()
    {
        var visitor = await SignedOutAsync(verifies: false);
        var options = await visitor.Page.EvaluateAsync<string>(Options);

        var assertion = await GetAsync(visitor, options, new Dictionary<string, object> { ["userVerification"] = "discouraged" });

        Assert.Equal("401 AUTHENTICATION_FAILED", await AnswerAsync(visitor, assertion));
    }

    [BrowserFact]
    public async Task A_challenge_that_was_made_for_another_person_is_refused()
    {
        var visitor = await SignedOutAsync();
        var grace = await portal.VisitorAsync();
        await grace.SignUpAsync("Grace Hopper");
        await VirtualAuthenticator.OfAsync(grace.Page);
        await grace.AddPasskeyAsync("Hers");
        var options = await grace.Page.EvaluateAsync<string>(Options);
        await visitor.Page.Context.AddCookiesAsync([await ChallengeAsync(grace)]);

        var assertion = await GetAsync(
            visitor, options, new Dictionary<string, object> { ["allowCredentials"] = Array.Empty<object>() });

        Assert.Equal("401 AUTHENTICATION_FAILED", await AnswerAsync(visitor, assertion));
    }

    /// <summary>Somebody with a passkey, on a page that offers none.</summary>
    private async Task<Visitor> SignedOutAsync(bool verifies = true)
    {
        var visitor = await portal.VisitorAsync();
        await visitor.SignUpAsync();
        var authenticator = await VirtualAuthenticator.OfAsync(visitor.Page);
        await visitor.AddPasskeyAsync("Laptop");
        await authenticator.VerifiesAsync(verifies);
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.OpenAsync("/forgot-password");
        return visitor;
    }

    private static Task<string> GetAsync(Visitor visitor, string options, Dictionary<string, object>? change = null) =>
        visitor.Page.EvaluateAsync<string>(
            Get, new Dictionary<string, object> { ["options"] = options, ["change"] = change ?? [] });

    private static Task<string> AnswerAsync(Visitor visitor, string assertion) =>
        visitor.Page.EvaluateAsync<string>(Answer, assertion);

    private static async Task<Cookie> ChallengeAsync(Visitor visitor)
    {
        var held = (await visitor.Page.Context.CookiesAsync())
            .Single(cookie => cookie.Name.EndsWith("passkey-assertion", StringComparison.Ordinal));
        return new Cookie
        {
            Name = held.Name,
            Value = held.Value,
            Domain = held.Domain,
            Path = held.Path,
            HttpOnly = true,
        };
    }
}
