using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using AuthPortal.Users;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>Whatever is sent to an endpoint that reads JSON, it answers in good order.</summary>
public sealed class JsonEndpointProperties(PatientPortal portal) : IClassFixture<PatientPortal>
{
    // Better Auth gives these two no code.
    private static readonly string[] WithoutCode = ["Email is the same", "No fields to update"];

    private int _answers;
    private int _shed;

    [Fact]
    public async Task An_invalid_body_is_refused_and_changes_nothing()
    {
        var ada = await portal.NewPersonAsync();
        var bearer = await TokenAsync(ada);
        var before = await AccountsAsync();
        foreach (var endpoint in JsonEndpoint.AllOf(portal))
        {
            await Gen.Select(Bodies.Invalid(endpoint, ada), Gen.Bool).HoldAsync(10, 8_000, async sample =>
            {
                var (body, isSignedIn) = sample;
                var answer = await SendAsync(endpoint, body, isSignedIn ? [("Authorization", $"Bearer {bearer}")] : []);
                AssertInOrder(answer);
                Assert.Contains(answer.Status, isSignedIn ? [400, 413, 415, 429] : (int[])[400, 401, 413, 415, 429]);
            });
        }

        Assert.Equal(before, await AccountsAsync());
        Assert.InRange(_shed, 0, _answers / 2); // else it was a limiter that was tried
    }

    [Fact]
    public async Task Any_body_gets_an_answer()
    {
        var ada = await portal.NewPersonAsync();
        var cookies = await ChallengesAsync(ada);
        foreach (var endpoint in JsonEndpoint.AllOf(portal))
        {
            await Gen.Select(Bodies.Any(endpoint, ada), Gen.Int[0, 2]).HoldAsync(5, 2_000, async sample =>
            {
                var (body, who) = sample;
                AssertInOrder(await SendAsync(endpoint, body, who switch
                {
                    0 => [],
                    1 => [("Authorization", $"Bearer {await TokenAsync(ada)}")],
                    _ =>
                    [
                        ("Cookie", $"{cookies}; {SessionCookies.AccessName}={await TokenAsync(ada)}"),
                        ("Origin", Portal.Url),
                    ],
                }));
            });
        }

        Assert.InRange(_shed, 0, _answers / 2);
    }

    [Fact]
    public void Every_endpoint_of_the_house_is_among_them()
    {
        portal.Stranger().Dispose(); // it starts the portal
        Assert.Superset(
            new HashSet<string>(["/api/auth/sign-in/email", "/api/auth/update-user", "/api/auth/passkey/verify-authentication"]),
            JsonEndpoint.AllOf(portal).Select(endpoint => endpoint.Path).ToHashSet());
    }

    private async Task<RawAnswer> SendAsync(JsonEndpoint endpoint, Body body, IEnumerable<(string, string)> headers)
    {
        var type = body.ContentType is null ? [] : ((string, string)[])[("Content-Type", body.ContentType)];
        var answer = await portal.SendAsync("POST", endpoint.Path, [.. headers, .. type], body: body.Bytes);
        Interlocked.Increment(ref _answers);
        if (answer.Status is 429 or 503)
            Interlocked.Increment(ref _shed);
        return answer;
    }

    private static void AssertInOrder(RawAnswer answer)
    {
        if (answer.Status is 429 or 503)
            Assert.NotEmpty(answer.Header("Retry-After"));
        else
            Assert.InRange(answer.Status, 200, 499);
        if (answer.Status < 400)
            return;

        Assert.StartsWith("application/problem+json", answer.Header("Content-Type"), StringComparison.Ordinal);
        var problem = JsonNode.Parse(answer.Text)!;
        Assert.Equal(answer.Status, problem["status"]!.GetValue<int>());
        Assert.True(problem["code"] is not null || WithoutCode.Contains(problem["message"]!.GetValue<string>()), answer.Text);
    }

    /// <summary>For a session that has just begun, whatever became of the last one; no password is hashed for it.</summary>
    private async Task<string> TokenAsync(Person person)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserStore>().FindOwnAsync(person.Id, person.Id, default);
        if (user is null)
            return person.AccessToken;
        var issuer = scope.ServiceProvider.GetRequiredService<TokenIssuer>();
        return issuer.Access(Identity.Of(user), issuer.Begin(user, ["pwd"], remember: true)).Value;
    }

    /// <summary>The cookies without which no passkey's answer is looked at.</summary>
    private async Task<string> ChallengesAsync(Person person)
    {
        var answers = new[]
        {
            await portal.SendAsync("GET", "/api/auth/passkey/generate-authenticate-options", []),
            await portal.SendAsync(
                "GET", "/api/auth/passkey/generate-register-options", [("Authorization", $"Bearer {await TokenAsync(person)}")]),
        };
        return string.Join("; ", answers.Select(answer => Assert.Single(answer.Headers.SetCookie)!.Split(';')[0]));
    }

    /// <summary>Every row that says something of an account, or that will be mailed.</summary>
    private async Task<Dictionary<string, string>> AccountsAsync() =>
        (await portal.SnapshotAsync())
            .Where(table => !table.Key.StartsWith("audit", StringComparison.Ordinal)
                && !table.Key.StartsWith("throttle", StringComparison.Ordinal))
            .ToDictionary(table => table.Key, table => string.Join('\n', table.Value));
}
