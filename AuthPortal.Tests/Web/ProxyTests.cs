using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>Whom the portal believes about where a request came from.</summary>
public sealed class ProxyTests
{
    private const string Visitor = "203.0.113.7";

    [Theory]
    [InlineData("127.0.0.1", Visitor, Visitor)]
    [InlineData("127.0.0.0/8", $"198.51.100.9, {Visitor}", Visitor)] // what a visitor claims stands further left
    [InlineData("127.0.0.0/8", $"{Visitor}, 127.0.0.9", Visitor)]
    [InlineData("10.0.0.0/8", Visitor, "127.0.0.1")]
    [InlineData(null, Visitor, "127.0.0.1")]
    public async Task An_address_is_believed_from_a_known_proxy_alone(string? known, string forwarded, string seen)
    {
        await using var portal = new ServedPortal();
        if (known is not null)
            portal.Settings["Proxy:Known:0"] = known;
        portal.Settings["FORWARDEDHEADERS_ENABLED"] = "true"; // the framework would then believe everybody
        await portal.InitializeAsync();
        Assert.Contains(
            portal.Services.GetServices<IStartupFilter>(), filter => filter.GetType().Name == "ForwardedHeadersStartupFilter");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(portal.Address).Port}") };

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
}
