using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>A background service says at every moment whether it rests.</summary>
public sealed class BackgroundRoutineTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Routine _routine;

    public BackgroundRoutineTests() => _routine = new Routine(_time);

    public Task InitializeAsync() => _routine.StartAsync(CancellationToken.None);

    public Task DisposeAsync() => _routine.StopAsync(CancellationToken.None);

    public void Dispose() => _routine.Dispose();

    [Fact]
    public async Task A_turn_begins_in_the_moment_in_which_the_time_is_over_and_ends_when_the_work_is_done()
    {
        await RestsAsync();
        _routine.Work = new TaskCompletionSource();

        _time.Advance(Every);
        Assert.False(_routine.Resting.IsCompleted);
        Assert.Equal(2, _routine.Turns);
        _routine.Work.SetResult();
        await RestsAsync();

        Assert.Equal([false], _routine.Woken);
    }

    [Fact]
    public async Task A_turn_begins_in_the_moment_in_which_it_is_woken_and_what_comes_meanwhile_is_another_turns()
    {
        await RestsAsync();
        _routine.Work = new TaskCompletionSource();

        _routine.Call();
        Assert.False(_routine.Resting.IsCompleted);
        _routine.Call();
        _routine.Call();
        _routine.Work.SetResult();
        await RestsAsync();

        Assert.Equal([true, true], _routine.Woken);
    }

    /// <summary>.NET 10 begins a service's work on another thread: it may be stopped before.</summary>
    [Fact]
    public async Task Stopped_before_its_first_turn_it_finishes_all_the_same()
    {
        using var routine = new Routine(_time);

        await routine.StartAsync(CancellationToken.None);
        await routine.StopAsync(CancellationToken.None);

        Assert.Equal(1, routine.Finished);
    }

    [Fact]
    public async Task A_stop_ends_the_rest_and_has_the_routine_finish_and_rest_for_good()
    {
        await RestsAsync();

        await _routine.StopAsync(CancellationToken.None);
        await RestsAsync();
        _routine.Call();

        Assert.Equal([false], _routine.Woken);
        Assert.Equal(1, _routine.Finished);
        Assert.True(_routine.Resting.IsCompleted);
    }

    [Fact]
    public async Task A_stop_waits_for_the_finish_no_longer_than_the_host_allows()
    {
        await RestsAsync();
        _routine.Finish = new TaskCompletionSource();
        using var limit = new CancellationTokenSource();

        var stop = _routine.StopAsync(limit.Token);
        Assert.False(stop.IsCompleted);
        await limit.CancelAsync();

        await Eventually.EndAsync("the stop ends", stop);
        _routine.Finish.SetResult();
    }

    [Fact]
    public async Task Where_a_turn_outlives_the_limit_nothing_is_begun_beside_it()
    {
        await RestsAsync();
        _routine.Work = new TaskCompletionSource();
        _routine.Call();

        await _routine.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(0, _routine.Finished);
        _routine.Work.SetResult();
    }

    private Task RestsAsync() => Eventually.EndAsync("it rests", _routine.Resting);

    private sealed class Routine(TimeProvider clock) : BackgroundRoutine
    {
        public List<bool> Woken { get; } = [];

        public TaskCompletionSource? Work { get; set; }

        public int Finished { get; private set; }

        public TaskCompletionSource? Finish { get; set; }

        protected override Task FinishAsync()
        {
            Finished++;
            return Finish?.Task ?? Task.CompletedTask;
        }

        public void Call() => Wake();

        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                Woken.Add(await RestAsync(Every, clock, stoppingToken));
                if (Work is { } work)
                    await work.Task;
            }
        }
    }
}
