using AuthPortal.Passwords;
using AuthPortal.Tests.Drills.Harness;
using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Bench;

/// <summary>
/// A hashing thread for each core, of low priority, beside what there was before: one fewer, of the usual priority. No
/// setting chooses between them, so the portal runs within this process; each way has two turns of the same run.
/// </summary>
[Collection(BenchInTurn.Name), Trait("Category", "Bench")]
public sealed class HashingBench(ITestOutputHelper output)
{
    private static readonly int Cores = Environment.ProcessorCount;
    private static readonly TimeSpan During = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    private readonly Table _table = new(
        "hashing threads", "sign-ins/s", "p50", "p99", "GET /api/me", "p50", "p99", "failed", "busy before");

    [Fact]
    public async Task Print()
    {
        for (var turn = 0; turn < 2; turn++)
        {
            await MeasureAsync("one for each core but one, of the usual priority", Math.Max(1, Cores - 1), null);
            await MeasureAsync("one for each core, of low priority", Cores, LowPriority.OfThisThread);
        }

        _table.Keep("hashing", output);
    }

    private async Task MeasureAsync(string which, int threads, Action? begin)
    {
        await using var portal = new MeasuredPortal(threads, begin);
        await portal.InitializeAsync();
        var ada = await portal.NewPersonAsync();
        var (url, script) = ($"{portal.Address}/api/auth/sign-in/email", PortalBench.SignIn(ada.Email));
        var busy = await Machine.BusyAsync();
        await Wrk.RunAsync(url, 8, WarmUp, [Environment.ProcessId], [], script);

        using var asking = new RawHttp("127.0.0.1", new Uri(portal.Address).Port);
        var question = RawHttp.Get("/api/me", ada.AccessToken);
        using var checks = new Probe(() => asking.Send(question), TimeSpan.FromMilliseconds(10));
        var signIns = await Wrk.RunAsync(url, 8, During, [Environment.ProcessId], [], script);
        checks.Stop();
        _table.Add(
            which, $"{signIns.PerSecond:0.0}", Table.Text(signIns.P50), Table.Text(signIns.P99),
            $"{checks.Count} times", Table.Text(checks.P50), Table.Text(checks.P99),
            $"{signIns.Failed + checks.Failed}", $"{busy:P0}");
    }

    /// <summary>At the default cost of bcrypt, and with nothing refused for being one person and one machine.</summary>
    private sealed class MeasuredPortal : ServedPortal
    {
        private readonly int _threads;
        private readonly Action? _begin;

        public MeasuredPortal(int threads, Action? begin)
        {
            (_threads, _begin) = (threads, begin);
            Settings["Throttling:CountLoopback"] = "false";
            Settings["Throttling:PasswordByAccount:Burst"] = "1000";
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services
                .PostConfigure<PasswordOptions>(passwords => passwords.Cost = new PasswordOptions().Cost)
                .AddSingleton(provider => new HashingQueue(
                    _threads,
                    limit: 24,
                    provider.GetRequiredService<HashingMeter>(),
                    provider.GetRequiredService<TimeProvider>(),
                    _begin)));
        }
    }
}
