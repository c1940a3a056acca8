using System.Globalization;
using System.Threading.Channels;

namespace AuthPortal.Web;

/// <summary>
/// What need not be done before an answer, done after it: in the order it came, one at a time, and within what memory
/// there is for it. Only for what may be lost, in a crash or a flood.
/// </summary>
internal sealed partial class Afterwards(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<Afterwards> log) : BackgroundRoutine
{
    private const int Most = 10_000;
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _thisMinute = [];
    private long _minute = clock.GetTimestamp();

    private readonly Channel<Func<IServiceProvider, CancellationToken, Task>> _work =
        Channel.CreateBounded<Func<IServiceProvider, CancellationToken, Task>>(
            new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <param name="work">Gets a scope's services of its own, and the language of whoever asked for it.</param>
    public void Do(Func<IServiceProvider, CancellationToken, Task> work)
    {
        var (culture, language) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        _work.Writer.TryWrite(async (services, ct) =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, language);
            await work(services, ct);
        });
        Wake();
    }

    /// <summary>What a flood asks for again and again, once a minute for each key: nothing else waits for it.</summary>
    public void DoOnceAMinute(string key, Func<IServiceProvider, CancellationToken, Task> work)
    {
        lock (_gate)
        {
            if (clock.GetElapsedTime(_minute) >= AMinute)
            {
                _thisMinute.Clear();
                _minute = clock.GetTimestamp();
            }

            if (_thisMinute.Count >= Most || !_thisMinute.Add(key))
                return;
        }

        Do(work);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_work.Reader.TryRead(out var work))
                await TryAsync(work, stoppingToken);
            else
                await RestAsync(Timeout.InfiniteTimeSpan, clock, stoppingToken);
        }
    }

    private async Task TryAsync(Func<IServiceProvider, CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await work(scope.ServiceProvider, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(log, e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What was to be done after an answer failed, and is left")]
    private static partial void LogFailed(ILogger log, Exception cause);
}
