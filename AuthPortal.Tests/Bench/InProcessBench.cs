using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Xunit;
using Xunit.Abstractions;

namespace AuthPortal.Tests.Bench;

/// <summary>What happens in process, by BenchmarkDotNet: <c>make bench</c>.</summary>
[Collection(BenchInTurn.Name), Trait("Category", "Bench")]
public sealed class InProcessBench(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> Budgets = new()
    {
        ["FirstSight ES256"] = "≤ 200 µs",
        ["SeenBefore ES256"] = "≤ 5 µs",
    };

    [Fact]
    public async Task Print()
    {
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance);
        var table = new Table("what", "of", "budget", "median", "allocated");
        foreach (var report in (Summary[])
            [BenchmarkRunner.Run<TokenBenchmarks>(config), BenchmarkRunner.Run<PasswordBenchmarks>(config)])
        {
            Assert.Empty(report.ValidationErrors.Where(error => error.IsCritical));
            foreach (var seen in report.Reports)
                Add(table, seen);
        }

        var tokens = new TokenBenchmarks { Algorithm = "ES256" };
        await tokens.StartAsync();
        table.Add("a verified token, known until it ends", "ES256", "", "", $"{await tokens.HeldByOneAsync():N0} B held");
        await tokens.StopAsync();
        table.Keep("in-process", output);
    }

    private static void Add(Table table, BenchmarkReport seen)
    {
        var what = seen.BenchmarkCase.Descriptor.WorkloadMethod.Name;
        var of = seen.BenchmarkCase.Parameters.Items[0].Value;
        table.Add(
            what, $"{of}", Budgets.GetValueOrDefault($"{what} {of}", ""),
            Table.Text(TimeSpan.FromMicroseconds(seen.ResultStatistics!.Median / 1000)),
            $"{seen.GcStats.GetBytesAllocatedPerOperation(seen.BenchmarkCase):N0} B");
    }
}
