using System.Text.Json;
using System.Text.Json.Nodes;
using AuthPortal.Tests.Support;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Bench;

/// <summary>
/// What grows with the number of people and what does not: <c>make bench-scale</c>. Each is a copy of one who signed up
/// and in, with all the rows that made. Whole plans go to <c>.data/bench/plans-1000.json</c> and so on.
/// </summary>
[Collection(BenchInTurn.Name), Trait("Category", "BenchScale")]
public sealed class ScaleBench(ITestOutputHelper output)
{
    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];
    private static readonly TimeSpan During = TimeSpan.FromSeconds(8);

    // Of each hot path, by different people.
    private const int Times = 25;

    private readonly Table _sizes = new("people", "table", "bytes per person", "of that indexes", "in all");

    private readonly Table _people = new(
        "people", "sign-in p50", "p95", "its SQL, in the server", "GET /api/me", "p99", "its statements");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly SortedDictionary<(string Path, string Name), Plan?[]> _plans = [];

    [Fact]
    public async Task Print()
    {
        for (var n = 0; n < Sizes.Length; n++)
        {
            var database = await TestServer.CreateDatabaseAsync();
            try
            {
                await MeasureAsync(database, n);
            }
            finally
            {
                await TestServer.DropDatabaseAsync(database);
            }
        }

        _people.Keep("scale", output);
        PlanTable().Keep("plans", output);
        _sizes.Keep("sizes", output);
    }

    private async Task MeasureAsync(string database, int size)
    {
        var people = Sizes[size];
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database) { CommandTimeout = 1800 }.ConnectionString);
        await using (var portal = await PortalProcess.StartAndWaitAsync(database, PortalBench.AsServed))
        {
            using var http = portal.Client();
            (await http.SignUpAsync(People.First)).EnsureSuccessStatusCode();
            (await http.SignInAsync(People.First)).EnsureSuccessStatusCode();
            await Task.Delay(TimeSpan.FromSeconds(2)); // sightings and seals are written a moment later
        }

        await People.FillAsync(server, people);
        await foreach (var (table, bytes, indexes) in People.SizesAsync(server))
        {
            _sizes.Add(
                Table.Text(people), table, Table.Text(bytes / people), Table.Text(indexes / people), $"{Table.Text(bytes >> 20)} MB");
        }

        var statements = await ExplainAsync(database, server, size);
        await using var served = await PortalProcess.StartAndWaitAsync(database, PortalBench.AsServed);
        var (half, most) = await SignInsAsync(served, people);
        var token = await TokenAsync(served, People.First);
        string[] bearer = [$"Authorization: Bearer {token}"];
        var load = await Wrk.RunWarmAsync($"{served.Url}/api/me", 32, During, During, [served.ProcessId], bearer);
        var sql = _plans.Where(plan => plan.Key.Path == "sign-in")
            .Sum(plan => plan.Value[size]?.Time.TotalMilliseconds ?? 0);
        _people.Add(
            Table.Text(people), Table.Text(half), Table.Text(most), Table.Text(TimeSpan.FromMilliseconds(sql)),
            $"{Table.Text(load.PerSecond)}/s", Table.Text(load.P99), $"{statements}");
    }

    /// <returns>How many statements the checks of a token were.</returns>
    private async Task<int> ExplainAsync(string database, NpgsqlDataSource server, int size)
    {
        await using var portal =
            await PortalProcess.StartAndWaitAsync(Plans.ExplainedBy(database), PortalBench.AsServed);
        using var handler = new HttpClientHandler { UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(portal.Url) };
        var (tokens, refreshing) = (new List<string>(), new List<string>());
        await PathAsync("sign-up", async _ => await http.SignUpAsync(Api.NewEmail()));
        await PathAsync("sign-in", async n =>
        {
            var answer = (await http.SignInAsync(People.EmailOf(n, Sizes[size]))).EnsureSuccessStatusCode();
            refreshing.Add(answer.Header("set-auth-token")!);
            tokens.Add(await answer.TextAsync("token"));
            return answer;
        });
        await PathAsync("renewal", n => http.GetAsync("/api/auth/get-session", refreshing[n]));
        var checks = await PathAsync("check", n => http.GetAsync("/api/me", tokens[n]));
        await PathAsync("devices", n => http.GetAsync("/api/auth/list-sessions", tokens[n]));
        await PathAsync("sign-out", n => http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", refreshing[n], new { }));
        Table.Keep($"plans-{Sizes[size]}.json", [Whole(size).ToJsonString(Indented)]);
        return checks;

        async Task<int> PathAsync(string path, Func<int, Task<HttpResponseMessage>> once)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            var mark = await Plans.MarkAsync(server);
            for (var n = 0; n < Times; n++)
                (await once(n)).EnsureSuccessStatusCode();
            var seen = (await Plans.SinceAsync(server, mark)).GroupBy(plan => plan.Name)
                .Where(run => run.Count() >= Times).ToList(); // what runs in the background runs less often
            foreach (var run in seen)
            {
                var typical = run.OrderBy(plan => plan.Time).ElementAt(run.Count() / 2);
                _plans.TryAdd((path, run.Key), new Plan?[Sizes.Length]);
                _plans[(path, run.Key)][size] = typical;
            }

            return seen.Count;
        }
    }

    private JsonArray Whole(int size) => [.. _plans.Where(plan => plan.Value[size] is not null).Select(plan =>
        new JsonObject
        {
            ["path"] = plan.Key.Path,
            ["statement"] = plan.Value[size]!.Text,
            ["plan"] = plan.Value[size]!.Whole.DeepClone(),
        })];

    private Table PlanTable()
    {
        var table = new Table(["path", "statement", "plan", .. Sizes.SelectMany(n => (string[])[Table.Text(n), "pages"])]);
        foreach (var ((path, name), plans) in _plans)
        {
            var steps = plans.OfType<Plan>().Select(plan => plan.Steps).Distinct().ToList();
            table.Add([
                path, $"`{name} …`", string.Join("; then ", steps),
                .. plans.SelectMany(plan => (string[])[plan is null ? "" : Table.Text(plan.Time), $"{plan?.Buffers}"])]);
        }

        return table;
    }

    private static async Task<(TimeSpan Half, TimeSpan Most)> SignInsAsync(PortalProcess portal, int people)
    {
        using var http = portal.Client();
        var times = await PortalBench.SignInsAsync(http, Times * 2, n => People.EmailOf(n, people));
        return (times[times.Count / 2], times[times.Count * 95 / 100]);
    }

    private static async Task<string> TokenAsync(PortalProcess portal, string email)
    {
        using var http = portal.Client();
        return await (await http.SignInAsync(email)).TextAsync("token");
    }
}
