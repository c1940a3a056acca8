using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>Whom the portal believes about where a request came from.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private const string Visitor = "203.0.113.7";

    private string _database = "";

    public async Task InitializeAsync() => _database = await TestServer.CreateDatabaseAsync();

    public Task DisposeAsync() => TestServer.DropDatabaseAsync(_database);

    [Theory]
    [InlineData("127.0.0.1", Visitor, Visitor)]
    [InlineData("127.0.0.0/8", $"198.51.100.9, {Visitor}", Visitor)] // what a visitor claims stands further left
    [InlineData("127.0.0.0/8", $"{Visitor}, 127.0.0.9", Visitor)]
    [InlineData("10.0.0.0/8", Visitor, "127.0.0.1")]
    [InlineData(null, Visitor, "127.0.0.1")]
    public async Task An_address_is_believed_from_a_known_proxy_alone(string? known, string forwarded, string seen)
    {
        var port = PortalProcess.FreePort();
        await using var portal = PortalProcess.Start(_database, new()
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Portal__PublicUrl"] = $"http://127.0.0.1:{port}",
            ["Proxy__Known__0"] = known,
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true", // the framework would then believe everybody
        });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.True(await Eventually.IsTrueAsync(() => AnswersAsync(http), TimeSpan.FromSeconds(60)), portal.Said);

        var signedUp = await http.SignUpAsync(Api.NewEmail());
        using var request = Visit.Request(
            HttpMethod.Get,
            "/api/auth/get-session",
            ("Authorization", $"Bearer {await signedUp.TextAsync("token")}"),
            ("X-Forwarded-For", forwarded),
            ("X-Forwarded-Host", "evil.test"),
            ("X-Forwarded-Proto", "https"));
        var session = await (await http.SendAsync(request)).JsonAsync();

        Assert.Equal(seen, session["session"]!["ipAddress"]!.GetValue<string>());
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/healthz/ready")).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
