using System.Diagnostics;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Bench;

/// <summary>What the portal serves over HTTP, as it is published, on this machine: <c>make bench</c>.</summary>
[Collection(BenchInTurn.Name), Trait("Category", "Bench")]
public sealed class PortalBench(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan During = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private string _database = "";

    public async Task InitializeAsync() => _database = await TestServer.CreateDatabaseAsync();

    public Task DisposeAsync() => TestServer.DropDatabaseAsync(_database);

    [Fact]
    public async Task Print()
    {
        var table = new Table("what", "budget", "seen", "CPU each", "req/s", "p50", "p99", "the load took", "failed");
        await using var portal = await StartAsync(table);
        using var http = portal.Client();
        var email = Api.NewEmail();
        var token = await (await http.SignUpAsync(email)).TextAsync("token");
        var cookie = await CookieAsync(portal, email);
        string[] bearer = [$"Authorization: Bearer {token}"], cookies = [$"Cookie: {cookie}"];

        await MeasureAsync("GET /api/me, header", "p99 ≤ 10 ms", "/api/me", bearer);
        await MeasureAsync("GET /api/me, cookie", "p99 ≤ 10 ms", "/api/me", cookies);
        await MeasureAsync("GET /api/auth/get-session, cookie", "p99 ≤ 10 ms", "/api/auth/get-session", cookies);
        await MeasureAsync("GET /sign-in", "", "/sign-in", []);
        await MeasureAsync("GET /.well-known/jwks.json", "", "/.well-known/jwks.json", []);
        await MeasureAsync("POST /api/auth/sign-in/email, 8 at once", "", "/api/auth/sign-in/email", [], SignIn(email));
        await OneAtATimeAsync(table, http, email);
        Memory("working set after load", "≤ 150 MB", "VmRSS");
        Memory("of that pages of files, which the kernel shares and may drop", "", "RssFile");
        Memory("of that compiled code", "", "RssShmem");
        table.Keep("portal", output);

        void Memory(string what, string budget, string kind) => table.Add(
            what, budget, $"{Machine.Resident(portal.ProcessId, kind)} MB", "", "", "", "", "", "");

        async Task MeasureAsync(string what, string budget, string path, string[] headers, string? script = null)
        {
            var connections = script is null ? 32 : 8;
            var (url, server) = (portal.Url + path, new[] { portal.ProcessId });
            var load = await Wrk.RunWarmAsync(url, connections, WarmUp, During, server, headers, script);
            table.Add(
                what, budget, Table.Text(load.P99), Table.Text(load.Cpu), Table.Text(load.PerSecond),
                Table.Text(load.P50), Table.Text(load.P99), $"{load.OwnCpu:P0}", $"{load.Failed}");
        }
    }

    private async Task<PortalProcess> StartAsync(Table table)
    {
        await using (await PortalProcess.StartAndWaitAsync(_database, AsServed))
        {
            // migrates
        }

        var times = new List<TimeSpan>();
        PortalProcess? portal = null;
        for (var start = 0; start < 5; start++)
        {
            if (portal is not null)
                await portal.DisposeAsync();
            var began = Stopwatch.GetTimestamp();
            portal = PortalProcess.Start(_database, AsServed);
            await portal.ReadyAsync();
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        table.Add("start to first 200, median of 5", "≤ 1.0 s", Table.Text(times.Order().ElementAt(2)), "", "", "", "", "", "");
        return portal!;
    }

    /// <summary>At the default cost of bcrypt, and with nothing refused for being one person and one machine.</summary>
    internal static Dictionary<string, string?> AsServed => new()
    {
        ["Passwords__Cost"] = null,
        ["Throttling__CountLoopback"] = "false",
        ["Throttling__PasswordByAccount__Burst"] = "1000",
    };

    private static async Task OneAtATimeAsync(Table table, HttpClient http, string email)
    {
        var times = await SignInsAsync(http, 60, _ => email);
        table.Add(
            "POST /api/auth/sign-in/email, one at a time", "p95 ≤ 200 ms", $"p95 {Table.Text(times[47])}", "", "",
            Table.Text(times[25]), Table.Text(times[49]), "", "0");
    }

    /// <returns>What each took, one after the other, the quickest first; but for the first ten.</returns>
    internal static async Task<IReadOnlyList<TimeSpan>> SignInsAsync(
        HttpClient http, int times, Func<int, string> emailOf)
    {
        var took = new List<TimeSpan>();
        for (var n = 0; n < times; n++)
        {
            var began = Stopwatch.GetTimestamp();
            (await http.SignInAsync(emailOf(n))).EnsureSuccessStatusCode();
            took.Add(Stopwatch.GetElapsedTime(began));
        }

        return [.. took.Skip(10).Order()];
    }

    /// <summary>As a browser would send what this answer sets.</summary>
    internal static string CookiesOf(HttpResponseMessage answer) =>
        string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));

    internal static async Task<string> CookieAsync(PortalProcess portal, string email)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = new Uri(portal.Url) };
        return CookiesOf(await http.SignInAsync(email));
    }

    /// <returns>A script for wrk that signs this person in.</returns>
    internal static string SignIn(string email, string password = Api.Password)
    {
        var file = Path.Combine(Path.GetTempPath(), $"sign-in-{Guid.NewGuid():N}.lua");
        File.WriteAllText(
            file,
            $$"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.body = '{"email":"{{email}}","password":"{{password}}"}'
            """);
        return file;
    }
}
