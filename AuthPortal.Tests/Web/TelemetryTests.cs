using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>
/// What leaves a portal that is watched by every means there is, while people do what has secrets in it: that they did
/// it, and none of the secrets.
/// </summary>
public sealed class TelemetryTests(MailedPortal mailed) : IClassFixture<MailedPortal>, IAsyncLifetime
{
    private const string Password = "canary password, the old one";
    private const string NewPassword = "canary password, the new one";
    private const string Name = "Canary Bird";

    private readonly string _email = $"canary.{Guid.NewGuid():N}@example.com";
    private Collector _collector = null!;
    private PortalProcess _portal = null!;
    private HttpClient _http = null!;

    [Fact]
    public async Task Nobody_who_watches_learns_a_secret_or_who_it_was()
    {
        var secrets = await LiveAsync();
        await ArrivesAsync("traces", "/.well-known/jwks.json"); // the last request
        await ArrivesAsync("metrics", "authportal.sign_ins");
        var page = await _http.GetStringAsync("/metrics");

        // That it is a watched portal: else no secret in it would prove nothing.
        string[] seen =
        [
            "authportal", "GET", "/api/auth/reset-password/{token}", "/verify-email", "/sign-in", "/api/auth/refresh",
            "/api/auth/delete-user/callback", "insert into users",
        ];
        Assert.All(seen, text => Assert.Contains(text, Traces, StringComparison.Ordinal));
        Assert.DoesNotContain("from revocations where at >", Traces, StringComparison.Ordinal); // no visitor's doing
        Assert.DoesNotContain("/healthz", Traces, StringComparison.Ordinal);
        string[] counted =
        [
            "authportal_sign_ins_total{", "outcome=\"ok\"", "authportal_session_renewals_total{",
            "authportal_passwords_hash_duration_seconds_bucket{", "http_server_request_duration_seconds_bucket{",
            "kestrel_", "dotnet_", "db_client_", "pool_name=\"portal\"",
        ];
        Assert.All(counted, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.Contains("\"LogLevel\":\"Debug\"", _portal.Said, StringComparison.Ordinal);

        (string Where, string Text)[] told =
        [
            ("traces", Traces), ("metrics", _collector.Received("metrics")), ("/metrics", page), ("log", _portal.Said),
        ];
        foreach (var (where, text) in told)
        {
            foreach (var secret in secrets)
                Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{secret} is in the {where}");
        }
    }

    public async Task InitializeAsync()
    {
        _collector = await Collector.StartAsync();
        _portal = await PortalProcess.StartAndWaitAsync(mailed.Database, new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["Metrics__Allow__0"] = "127.0.0.1",
            ["Metrics__Allow__1"] = "::1",
            ["Revocations__PollEvery"] = "00:00:00.1",
            ["Logging__LogLevel__Default"] = "Debug",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Debug",
            ["Mail__Host"] = "127.0.0.1",
            ["Mail__Port"] = "1",
            ["Mail__From"] = "portal@example.com",
        });
        _http = _portal.Client();
        mailed.Stranger().Dispose(); // what reads the outbox here is set up by a portal in this process
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _portal.DisposeAsync();
        await _collector.DisposeAsync();
    }

    private string Traces => _collector.Received("traces");

    /// <summary>Goes everywhere a secret goes: in a path, a query, a header, a cookie, a body.</summary>
    /// <returns>What must be nowhere.</returns>
    private async Task<IReadOnlyList<string>> LiveAsync()
    {
        var signedUp = await _http.SignUpAsync(_email, Name, Password);
        var (id, refresh) = ((await signedUp.JsonAsync())["user"]!["id"]!, signedUp.Header("set-auth-token")!);
        await _http.SignUpAsync(_email, Name, Password); // PostgreSQL says no, and in what words
        var verify = (await mailed.MailToAsync(_email))[^1].Link;
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(verify)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await _http.GetAsync($"/api/auth{verify}")).StatusCode);

        await _http.PostAsync("/api/auth/delete-user", new { });
        var delete = (await mailed.MailToAsync(_email))[^1].Link;
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(delete)).StatusCode);
        await _http.GetAsync($"/api/auth/delete-user/callback?token={refresh}");
        await _http.GetAsync($"/sign-in?returnUrl=%2Fnext%3Femail%3D{Uri.EscapeDataString(_email)}");

        await _http.PostAsync(
            "/api/auth/request-password-reset", new { email = _email, redirectTo = "/reset-password" });
        var reset = (await mailed.MailToAsync(_email))[^1].Link;
        var handedOn = (await _http.GetAsync(reset)).Headers.Location!;
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(handedOn)).StatusCode);
        await _http.GetAsync($"{new Uri(_http.BaseAddress!, reset).AbsolutePath}/copied/badly");
        await _http.GetAsync($"/reset-passwort/{refresh}");
        await _http.PostAsync($"/api/auth/reset-password{handedOn.Query}", new { newPassword = NewPassword });

        await _http.SignInAsync(_email, "canary password, a wrong one");
        var signedIn = (await _http.SignInAsync(_email, NewPassword)).EnsureSuccessStatusCode();
        var (access, newer) = (await signedIn.TextAsync("token"), signedIn.Header("set-auth-token")!);
        using var me = Visit.Request(HttpMethod.Get, "/api/me", ("Authorization", $"Bearer {access}"));
        Assert.Equal(HttpStatusCode.OK, (await _http.SendAsync(me)).StatusCode);
        await _http.PostAsync("/api/auth/refresh", new { refreshToken = newer });
        await _http.PostAsync("/api/auth/refresh", new { refreshToken = refresh });
        await _http.GetAsync("/.well-known/jwks.json");

        // Every token of ours, mailed ones too, begins like any JSON in base64url.
        return ["eyJ", "canary", Uri.EscapeDataString(_email), id.GetValue<string>(), Portal.Secret, "Username="];
    }

    private async Task ArrivesAsync(string signal, string text) => Assert.True(
        await Eventually.IsTrueAsync(
            () => Task.FromResult(_collector.Received(signal).Contains(text, StringComparison.Ordinal)), Eventually.Limit),
        $"No {text} among the {signal}");
}
