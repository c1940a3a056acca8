using System.Diagnostics.Metrics;
using System.Net;
using AuthPortal.Passwords;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Passwords;

public sealed class HashingQueueTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HashingQueue _queue;
    private readonly ManualResetEventSlim _release = new();
    private readonly List<string> _done = [];

    public HashingQueueTests() => _queue = NewQueue(threads: 1, limit: 3);

    [Fact]
    public async Task Work_runs_on_a_thread_of_its_own_and_what_follows_does_not()
    {
        var caller = Environment.CurrentManagedThreadId;
        var hashing = (await _queue.RunAsync(() => Thread.CurrentThread, default, default)).Value!;
        Assert.False(hashing.IsThreadPoolThread);
        Assert.True(hashing.IsBackground);
        Assert.NotEqual(caller, hashing.ManagedThreadId);
        Assert.NotEqual(hashing.ManagedThreadId, Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task Who_finds_no_place_is_told_at_once_and_when_to_come_back()
    {
        var running = await OccupyTheThreadAsync();
        var waiting = new[] { RunAsync("a1"), RunAsync("a2"), RunAsync("b1") };

        var shed = RunAsync("a3");
        Assert.True(shed.IsCompletedSuccessfully);
        var refusal = (await shed).Error!;
        Assert.Equal((503, "TOO_BUSY"), (refusal.Status, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

        _release.Set();
        await running;
        await Task.WhenAll(waiting);
        Assert.Equal(["b1", "a1", "a2"], _done);
    }

    [Fact]
    public async Task Who_loses_a_place_to_another_network_is_told_the_same()
    {
        var running = await OccupyTheThreadAsync();
        var waiting = new[] { RunAsync("a1"), RunAsync("a2"), RunAsync("b1"), RunAsync("c1") };
        IsTooBusy(await waiting[1]);

        _release.Set();
        await running;
        await Task.WhenAll(waiting);
        Assert.Equal(["b1", "c1", "a1"], _done);
    }

    [Fact]
    public async Task Who_goes_away_while_waiting_frees_the_place_and_is_never_hashed()
    {
        var running = await OccupyTheThreadAsync();
        using var leaving = new CancellationTokenSource();
        var gone = RunAsync("a1", leaving.Token);
        var (second, third) = (RunAsync("a2"), RunAsync("a3"));
        IsTooBusy(await RunAsync("a4"));

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        var fourth = RunAsync("a4");

        _release.Set();
        await Task.WhenAll(running, second, third, fourth);
        Assert.Equal(["a2", "a3", "a4"], _done);
    }

    [Fact]
    public async Task Who_has_gone_away_before_takes_no_place() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync("a1", new CancellationToken(true)));

    [Fact]
    public async Task A_bug_in_the_work_reaches_its_caller_and_the_thread_lives_on()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => _queue.RunAsync<int>(() => throw new InvalidTimeZoneException(), default, default));
        Assert.Equal(7, (await _queue.RunAsync(() => 7, default, default)).Value);
    }

    [Fact]
    public async Task Free_threads_take_work_whatever_the_limit()
    {
        using var wide = NewQueue(threads: 3, limit: 1);
        for (var round = 0; round < 20; round++)
        {
            _release.Reset();
            var all = Enumerable.Range(0, 3).Select(_ => wide.RunAsync(HoldAsLongAsTold, default, default)).ToList();
            Assert.All(all, job => Assert.False(job.IsCompleted));
            _release.Set();
            Assert.All(await Task.WhenAll(all), result => Assert.True(result.Succeeded));
        }
    }

    [Fact]
    public async Task At_the_end_what_runs_is_finished_and_who_waits_is_refused()
    {
        var running = await OccupyTheThreadAsync();
        var waiting = RunAsync("a1");
        var stopping = new Thread(_queue.Dispose);
        stopping.Start();
        IsTooBusy(await waiting);

        _release.Set();
        stopping.Join();
        Assert.True((await running).Succeeded);
        IsTooBusy(await RunAsync("a2"));
        Assert.Empty(_done);
    }

    public void Dispose()
    {
        _release.Set();
        _queue.Dispose();
        _release.Dispose();
        _services.Dispose();
    }

    private HashingQueue NewQueue(int threads, int limit) => new(
        threads, limit, new HashingMeter(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System);

    private async Task<Task<Result<int>>> OccupyTheThreadAsync()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _queue.RunAsync(
            () =>
            {
                started.SetResult();
                return HoldAsLongAsTold();
            },
            default, default);
        await started.Task;
        return running;
    }

    private int HoldAsLongAsTold()
    {
        _release.Wait();
        return 0;
    }

    private Task<Result<int>> RunAsync(string who, CancellationToken ct = default) => _queue.RunAsync(
        () =>
        {
            _done.Add(who);
            return 0;
        },
        new HashingCaller(new IPAddress([203, (byte)who[0], 0, 1]), IsKnown: false), ct);

    private static void IsTooBusy(Result<int> result) => Assert.Equal("TOO_BUSY", result.Error?.Code);
}
