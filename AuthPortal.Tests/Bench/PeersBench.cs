using System.Net.Http.Json;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Bench;

/// <summary>
/// The same questions to the portal, to Better Auth and to ASP.NET Core Identity, one after another on this machine:
/// <c>make bench-peers</c>. Ratios are to the portal's figures of the same run.
/// </summary>
[Collection(BenchInTurn.Name), Trait("Category", "BenchPeers")]
public sealed class PeersBench(ITestOutputHelper output)
{
    private const string Email = "ada@example.com";
    private static readonly TimeSpan During = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20); // until all is compiled for good

    private readonly Table _table = new(
        "who", "start", "session checks/s", "p50", "p99", "CPU each", "sign-ins/s", "p50", "p99", "memory", "failed",
        "the load took");

    private Seen? _ours;

    [Fact]
    public async Task Print()
    {
        await OursAsync();
        await BetterAuthAsync();
        await IdentityAsync();
        _table.Keep("peers", output);
    }

    private Task OursAsync() => OnDatabaseAsync(async database =>
    {
        await using (await PortalProcess.StartAndWaitAsync(database, PortalBench.AsServed))
        {
            // migrates
        }

        var began = DateTime.UtcNow;
        await using var portal = await PortalProcess.StartAndWaitAsync(database, PortalBench.AsServed);
        var started = DateTime.UtcNow - began;
        using var http = portal.Client();
        (await http.SignUpAsync(Email)).EnsureSuccessStatusCode();
        string[] cookies = [$"Cookie: {await PortalBench.CookieAsync(portal, Email)}"];
        await MeasureAsync(
            "AuthPortal", portal.Url, portal.ProcessId, started, "/api/auth/get-session", cookies,
            "/api/auth/sign-in/email");
    });

    private Task BetterAuthAsync() => OnDatabaseAsync(async database =>
    {
        var of = new NpgsqlConnectionStringBuilder(database);
        async Task<Peer> StartAsync() => await Peer.StartAsync(
            "better-auth", "node", ["server.mjs"], "/api/auth/ok", url => new()
            {
                ["PORT"] = $"{new Uri(url).Port}",
                ["NODE_ENV"] = "production",
                ["BETTER_AUTH_SECRET"] = Portal.Secret,
                ["DATABASE_URL"] = $"postgres://{of.Username}:{of.Password}@{of.Host}:{of.Port}/{of.Database}",
            });
        await using (await StartAsync())
        {
            // migrates
        }

        await using var peer = await StartAsync();
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(peer.Url) };
        string[] cookies = [$"Cookie: {PortalBench.CookiesOf(await http.SignUpAsync(Email))}"];
        await MeasureAsync(
            "Better Auth", peer.Url, peer.ProcessId, peer.Started, "/api/auth/get-session", cookies,
            "/api/auth/sign-in/email");
    });

    private Task IdentityAsync() => OnDatabaseAsync(async portals =>
    {
        // One of its own, which it makes itself: it would add no tables to a database that has some.
        var of = new NpgsqlConnectionStringBuilder(portals);
        of.Database += "_identity";
        var database = of.ToString();
        async Task<Peer> StartAsync() => await Peer.StartAsync(
            "identity", "dotnet", [Path.Combine("bin", "Release", "net10.0", "identity.dll")], "/me", url => new()
            {
                ["ASPNETCORE_URLS"] = url,
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["DATABASE"] = database,
            });
        await using (await StartAsync())
        {
            // makes its tables
        }

        await using var peer = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(peer.Url) };
        var person = new { email = Email, password = "Correct horse battery 1" };
        (await http.PostAsJsonAsync("/register", person)).EnsureSuccessStatusCode();
        var token = await (await http.PostAsJsonAsync("/login", person)).TextAsync("accessToken");
        await MeasureAsync(
            "ASP.NET Core Identity", peer.Url, peer.ProcessId, peer.Started, "/me", [$"Authorization: Bearer {token}"],
            "/login", person.password);
        await peer.DisposeAsync();
        await TestServer.DropDatabaseAsync(database);
    });

    private static async Task OnDatabaseAsync(Func<string, Task> act)
    {
        var database = await TestServer.CreateDatabaseAsync();
        await act(database);
        await TestServer.DropDatabaseAsync(database);
    }

    private async Task MeasureAsync(
        string who, string url, int process, TimeSpan started, string session, string[] headers, string signIn,
        string password = Api.Password)
    {
        var check = await LoadAsync(url + session, 32, headers, null);
        var entry = await LoadAsync(url + signIn, 8, [], PortalBench.SignIn(Email, password));
        var seen = new Seen(started, check, entry, Machine.Resident(process));
        _ours ??= seen;
        _table.Add(
            who,
            Table.Text(started),
            $"{Table.Text(check.PerSecond)} ({Ratio(check.PerSecond, _ours.Check.PerSecond)})",
            Table.Text(check.P50),
            $"{Table.Text(check.P99)} ({Ratio(check.P99, _ours.Check.P99)})",
            $"{Table.Text(check.Cpu)} ({Ratio(check.Cpu, _ours.Check.Cpu)})",
            $"{entry.PerSecond:0.0}",
            Table.Text(entry.P50),
            Table.Text(entry.P99),
            $"{seen.Memory} MB",
            $"{check.Failed + entry.Failed}",
            $"{check.OwnCpu:P0}");

        Task<Load> LoadAsync(string address, int connections, string[] with, string? script) =>
            Wrk.RunWarmAsync(address, connections, WarmUp, During, [process], with, script);
    }

    private static string Ratio(TimeSpan theirs, TimeSpan ours) => Ratio(theirs.TotalSeconds, ours.TotalSeconds);

    private static string Ratio(double theirs, double ours) => theirs >= ours
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"× {theirs / ours:0.0}")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"1/{ours / theirs:0.0}");

    private sealed record Seen(TimeSpan Started, Load Check, Load Entry, int Memory);
}
