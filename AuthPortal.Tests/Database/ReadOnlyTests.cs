using System.Net;
using AuthPortal.Tests.Keys;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

/// <summary>PostgreSQL is there and takes no writes: a standby, or a provider that stops a disk from running full.</summary>
public sealed class ReadOnlyTests : IClassFixture<ReadOnlyTests.LoggedPortal>
{
    private readonly LoggedPortal _portal;
    private readonly HttpClient _http;

    public ReadOnlyTests(LoggedPortal portal) => (_portal, _http) = (portal, portal.Stranger());

    [Fact]
    public async Task What_only_reads_goes_on_and_what_must_write_says_try_again()
    {
        await SetReadOnlyAsync(true);

        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", _portal.Ada.AccessToken)).StatusCode);
        var renewed = await _http.PostAsync("/api/auth/refresh", _portal.Cookies);
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);

        // Right or wrong, a judged password leaves its row: where none can be written, nothing is said of it.
        HttpResponseMessage[] refused =
        [
            await _http.SignInAsync(_portal.Ada.Email),
            await _http.SignInAsync(_portal.Ada.Email, "a wrong password"),
            await _http.SignUpAsync(Api.NewEmail()),
            await _http.PostAsync("/api/auth/sign-out", _portal.Cookies, new { }),
        ];
        foreach (var answer in refused)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("DATABASE_UNAVAILABLE", await answer.TextAsync("code"));
            Assert.NotNull(answer.Header("Retry-After"));
            Assert.Null(answer.Header("Set-Cookie"));
        }

        // Said once for all four, and why: no operator would find it out by the health, which is good.
        var line = Assert.Single(_portal.Warnings.Messages, line => line.Contains("could not be served", StringComparison.Ordinal));
        Assert.Contains("25006: cannot execute", line, StringComparison.Ordinal);

        await SetReadOnlyAsync(false);
        Assert.Equal(HttpStatusCode.OK, (await _http.SignInAsync(_portal.Ada.Email)).StatusCode);
    }

    private async Task SetReadOnlyAsync(bool isReadOnly)
    {
        // Connections that are open keep what they began with, so they go.
        await _portal.ExecuteAsync(
            $"""
            begin read write;
            alter database {new NpgsqlConnectionStringBuilder(_portal.Database).Database}
                set default_transaction_read_only = {(isReadOnly ? "on" : "off")};
            commit;
            select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid();
            """);
        await Eventually.SeeAsync(
            "the portal is ready", HttpStatusCode.OK, async () => (await _http.GetAsync("/healthz/ready")).StatusCode);
    }

    public sealed class LoggedPortal : PortalOfAda
    {
        internal Warnings Warnings { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureLogging(logging => logging.AddProvider(Warnings));
        }
    }
}
