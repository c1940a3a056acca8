using System.Net;
using System.Text.RegularExpressions;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Every door there is, tried without a key. A new one that lets strangers in must be added here by hand.</summary>
public sealed partial class RouteTableTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly string[] OpenToAnybody =
    [
        "/", "/sign-in", "/sign-up", "/sign-out", "/error/{status:int}", "/.well-known/change-password",
        "/change-email", "/undo-email-change", "/delete-account",
        "/.well-known/jwks.json", "/.well-known/revocations", "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server", "/healthz/live", "/healthz/ready",
        "/openapi/v1.json",
        "/api/auth/sign-up/email", "/api/auth/sign-in/email", "/api/auth/sign-out", "/api/auth/refresh",
        "/api/auth/get-session", "/api/auth/jwks", "/api/auth/ok", "/api/auth/error",
        "/forgot-password", "/reset-password", "/api/auth/request-password-reset", "/api/auth/reset-password",
        "/api/auth/reset-password/{token}", "/verify-email", "/verify-email/resend",
        "/.well-known/passkey-endpoints", "/api/auth/passkey/generate-authenticate-options",
        "/api/auth/passkey/verify-authentication",
        "/api/auth/two-factor/verify-totp", "/api/auth/two-factor/verify-backup-code",
        "/api/auth/send-verification-email", "/api/auth/verify-email",
    ];

    [Fact]
    public async Task A_stranger_opens_only_what_is_listed_as_open()
    {
        var http = portal.Stranger();
        var open = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in Endpoints().Where(e => !IsStaticFile(e)))
        {
            foreach (var method in MethodsOf(endpoint))
            {
                var response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint)));
                var refused = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound
                    || response.Headers.Location?.OriginalString.StartsWith("/sign-in?", StringComparison.Ordinal) is true;
                if (!refused)
                    open.Add(PatternOf(endpoint));
                Assert.InRange((int)response.StatusCode, 200, 499);
            }
        }

        Assert.Empty(open.Except(OpenToAnybody));
    }

    [Fact]
    public void What_is_listed_as_open_exists() =>
        Assert.Empty(OpenToAnybody.Except(Endpoints().Select(PatternOf)));

    [Fact]
    public async Task What_the_forms_of_a_signed_in_person_do_is_refused_to_a_stranger_before_anything_else()
    {
        foreach (var path in (string[])["/account", "/account?handler=SignOutEverywhere"])
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) };
            var response = await portal.Stranger().SendAsync(request);
            Assert.Equal("/sign-in?returnUrl=%2Faccount", response.Headers.Location?.OriginalString);
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints()
    {
        portal.Stranger().Dispose(); // it starts the portal
        return portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
    }

    private static string PatternOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    private static bool IsStaticFile(RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(m => m.GetType().Name.StartsWith("StaticAsset", StringComparison.Ordinal));

    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named ? named : ["GET", "POST"];

    private static string PathOf(RouteEndpoint endpoint) =>
        Parameter().Replace(PatternOf(endpoint), m => m.Value.Contains("int") ? "404" : $"{Guid.NewGuid()}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
