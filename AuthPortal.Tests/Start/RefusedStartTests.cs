using System.Net;
using System.Net.Sockets;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Start;

/// <summary>
/// A portal that can't start says in one sentence what to set, and ends. The tests run its <c>Main</c>; four of them,
/// named <c>A_process…</c>, start it as a process and look at all that it prints.
/// </summary>
public sealed class RefusedStartTests
{
    private const string NeverReached = "Host=127.0.0.1;Port=1;Username=u;Database=d";

    /// <summary>A start that takes longer hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_process_without_a_secret() => await ProcessRefusedAsync(
        new() { ["BETTER_AUTH_SECRET"] = null }, "BETTER_AUTH_SECRET", "openssl rand -base64 32");

    [Fact]
    public async Task With_a_secret_that_is_too_short()
    {
        const string Short = "too-short-to-be-good";
        var said = await RefusedAsync(new() { ["BETTER_AUTH_SECRET"] = Short }, "BETTER_AUTH_SECRET", "32 bytes");
        Assert.DoesNotContain(Short, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_connection() => await RefusedAsync(
        new() { ["ConnectionStrings__Portal"] = null, ["DATABASE_URL"] = "" },
        "ConnectionStrings__Portal",
        "DATABASE_URL");

    [Fact]
    public async Task A_process_without_the_library_of_the_worlds_writing() => await ProcessRefusedAsync(
        new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }, "ICU", "icu-libs", "INVARIANT=false");

    [Fact]
    public async Task A_process_with_a_database_that_does_not_answer()
    {
        using var nobody = LoopbackPort.Take();
        var port = nobody.Number;
        var said = await ProcessRefusedAsync(
            new()
            {
                ["ConnectionStrings__Portal"] = $"Host=127.0.0.1;Port={port};Username=u;Password=hush-hush;Database=d",
                ["Database__ConnectTimeout"] = "1",
            },
            $"127.0.0.1:{port}",
            "did not answer within 1 s");
        Assert.DoesNotContain("hush-hush", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_under_a_plain_http_address() => await RefusedAsync(
        new() { ["Portal__PublicUrl"] = "http://auth.example.com" }, "Portal__PublicUrl", "https://");

    [Fact]
    public async Task Without_a_public_address() => await RefusedAsync(
        new() { ["Portal__PublicUrl"] = null }, "Portal__PublicUrl", "https://auth.example.com");

    [Fact]
    public async Task With_a_path_in_its_public_address() => await RefusedAsync(
        new() { ["Portal__PublicUrl"] = "https://example.com/auth" }, "Portal__PublicUrl", "with no path");

    [Fact]
    public async Task With_a_trusted_origin_that_is_none() => await RefusedAsync(
        new() { ["Portal__TrustedOrigins__0"] = "https://app.example.com/path" }, "Portal__TrustedOrigins");

    [Fact]
    public async Task With_a_security_contact_without_its_scheme() => await RefusedAsync(
        new() { ["Portal__SecurityContact"] = "security@example.com" },
        "Portal__SecurityContact",
        "mailto:security@example.com");

    [Fact]
    public async Task With_a_bcrypt_cost_below_the_floor() => await RefusedAsync(
        new() { ["Passwords__Cost"] = "9" }, "Passwords__Cost", "10");

    [Fact]
    public async Task In_production_without_mail_where_addresses_must_be_confirmed() => await RefusedAsync(
        new() { ["Accounts__RequireVerifiedEmail"] = null }, "Accounts__RequireVerifiedEmail", "Mail__Host");

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("365.00:00:01")]
    public async Task With_a_grace_period_that_is_none(string deleteAfter) => await RefusedAsync(
        new() { ["Accounts__DeleteAfter"] = deleteAfter }, "Accounts__DeleteAfter", "365.00:00:00");

    [Theory]
    [InlineData("Metrics__Allow__0", "everybody", "Metrics__Allow must list addresses or networks")]
    [InlineData("Metrics__Allow", "10.0.0.7", "Metrics__Allow__0")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "http://localhost:4317")]
    public async Task With_a_watcher_that_can_not_be_found(string variable, string value, string expected) =>
        await RefusedAsync(new() { [variable] = value }, expected);

    [Fact]
    public async Task With_a_drain_that_takes_too_long() => await RefusedAsync(
        new() { ["Shutdown__DrainFor"] = "00:01:01" }, "Shutdown__DrainFor", "00:01:00");

    [Fact]
    public async Task A_process_on_a_port_that_is_in_use()
    {
        var database = await TestServer.CreateDatabaseAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await ProcessRefusedAsync(
            new()
            {
                ["ASPNETCORE_URLS"] = null,
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Portal__PublicUrl"] = null,
                ["ConnectionStrings__Portal"] = database,
                ["PORT"] = $"{port}",
            },
            $":{port}",
            "PORT");
        await TestServer.DropDatabaseAsync(database);
    }

    [Theory]
    [InlineData("Portal__PublicUrl", "http://192.0.2.7:5080")]
    [InlineData("urls", "http://localhost:5080;http://0.0.0.0:5081")]
    [InlineData("urls", "http://*:5080")]
    [InlineData("http_ports", "8080")]
    [InlineData("Kestrel__Endpoints__Open__Url", "http://192.0.2.7:5080")]
    public async Task In_development_where_others_could_reach_it(string variable, string open) => await RefusedAsync(
        new()
        {
            ["environment"] = "Development",
            ["Portal__PublicUrl"] = null,
            ["urls"] = null,
            ["PORT"] = "", // of `make test`
            [variable] = open,
        },
        "/dev/mail",
        "Portal__AllowPublicDevelopment=true");

    [Fact]
    public async Task With_a_trusted_origin_over_plain_http_beside_a_portal_over_https() => await RefusedAsync(
        new() { ["Portal__PublicUrl"] = "https://auth.example.com", ["Portal__TrustedOrigins__0"] = "http://app.example.com" },
        "http://app.example.com",
        "must be https:// too");

    [Theory]
    [InlineData("Tokens__AccessLifetime", "15m", "00:15:00")]
    [InlineData("Tokens__ExposeRefreshToken", "yes", "true or false")]
    [InlineData("Passwords__MinimumLength", "ten", "a whole number")]
    [InlineData("SecondFactor__Required", "yes", "true or false")]
    [InlineData("Mail__Security", "SSL", "StartTls or Tls or None")]
    [InlineData("Database__ConnectTimeout", "15 s", "15 (seconds)")]
    public async Task With_a_value_that_can_not_be_read(string variable, string value, string expected) =>
        await RefusedAsync(new() { [variable] = value }, $"{variable} is \"{value}\"", expected);

    [Fact]
    public async Task With_a_misspelt_setting() => await RefusedAsync(
        new() { ["Portal__PublicUrl"] = null, ["PORTAL__PUBLICURI"] = "https://auth.example.com" },
        "Portal__PUBLICURI is no setting: Portal__PublicUrl is.");

    [Theory]
    [InlineData("80x")]
    [InlineData("80000")]
    [InlineData("0")]
    public async Task On_a_port_that_is_none(string port) => await RefusedAsync(
        new() { ["urls"] = null, ["PORT"] = port }, $"PORT is \"{port}\": it must be from 1 to 65535");

    [Fact]
    public async Task At_an_address_that_is_none()
    {
        var database = await TestServer.CreateDatabaseAsync();
        await RefusedAsync(
            new() { ["urls"] = "5161", ["ConnectionStrings__Portal"] = database }, "Invalid url", "ASPNETCORE_URLS");
        await TestServer.DropDatabaseAsync(database);
    }

    private static async Task<string> RefusedAsync(Dictionary<string, string?> settings, params string[] words)
    {
        settings.TryAdd("ConnectionStrings__Portal", NeverReached);
        var (exitCode, error) = await StartInProcess.RunAsync(settings, Limit);
        return Sentence(exitCode, error, words);
    }

    private static async Task<string> ProcessRefusedAsync(Dictionary<string, string?> settings, params string[] words)
    {
        await using var portal = PortalProcess.Start(NeverReached, settings);
        var exitCode = await portal.ExitAsync(Limit);
        return Sentence(exitCode, Ending.Aggregate(portal.Said, (said, line) => said.Replace(line, "")), words);
    }

    /// <summary>A host in development prints that it ends. The sentence, on standard error, may come between.</summary>
    private static readonly string[] Ending =
        ["info: Microsoft.Hosting.Lifetime[0]\n", "      Application is shutting down...\n"];

    /// <returns>The one line that was printed.</returns>
    private static string Sentence(int exitCode, string said, string[] words)
    {
        Assert.Equal(1, exitCode);
        var sentence = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("AuthPortal can't start: ", sentence, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, sentence, StringComparison.Ordinal));
        return sentence;
    }
}
