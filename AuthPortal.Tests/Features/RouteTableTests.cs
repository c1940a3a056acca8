using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>Every door there is, tried without a key. A new one that lets strangers in must be added here by hand.</summary>
public sealed class RouteTableTests(Portal portal) : IClassFixture<Portal>
{
    private static readonly string[] OpenToAnybody =
    [
        "/", "/sign-in", "/sign-up", "/sign-out", "/error/{status:int}", "/.well-known/change-password", "/language",
        "/change-email", "/undo-email-change", "/undo-factor", "/delete-account",
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
        foreach (var endpoint in portal.Endpoints().Where(e => !e.IsStaticFile()))
        {
            foreach (var request in endpoint.Requests())
            {
                var response = await http.SendAsync(request);
                var refused = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound
                    || response.Headers.Location?.OriginalString.Split('?')[0] == "/sign-in";
                if (!refused)
                    open.Add(endpoint.Pattern());
                Assert.InRange((int)response.StatusCode, 200, 499);
            }
        }

        Assert.Empty(open.Except(OpenToAnybody));
    }

    [Fact]
    public void What_is_listed_as_open_exists() =>
        Assert.Empty(OpenToAnybody.Except(portal.Endpoints().Select(e => e.Pattern())));

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
}
