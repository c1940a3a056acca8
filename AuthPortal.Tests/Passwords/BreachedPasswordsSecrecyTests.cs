using System.Collections.Concurrent;
using System.Diagnostics;
using AuthPortal.Passwords;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthPortal.Tests.Passwords;

/// <summary>The address that is asked holds a part of the password's digest: it is written down nowhere.</summary>
public sealed class BreachedPasswordsSecrecyTests : IAsyncLifetime
{
    private readonly RangeService _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Neither_log_nor_trace_holds_it_whatever_is_turned_on()
    {
        using var log = new LogOfAll();
        using var traces = new Traces(_service.Url);
        await using var host = PasswordHost.With(
            builder => builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace),
            _service.Settings);

        Assert.Equal(BreachAnswer.Listed, await host.Breached.FindAsync(RangeService.Breached));
        _service.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        Assert.Equal(BreachAnswer.Failed, await host.Breached.FindAsync(RangeService.Breached));

        var said = string.Join('\n', log.Lines);
        Assert.Contains("Passwords:RangeCheckUrl: it answers 500", said, StringComparison.Ordinal);
        foreach (var secret in (string[])[RangeService.Prefix, RangeService.Suffix, RangeService.Breached, _service.Url])
            Assert.DoesNotContain(secret, said, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(traces.Seen);

        using var other = new HttpClient();
        await other.GetAsync($"{_service.Url}/{RangeService.Prefix}");
        Assert.NotEmpty(traces.Seen); // so they would have been seen
    }

    private sealed class LogOfAll : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    /// <summary>Every activity of the process in which this address is mentioned.</summary>
    private sealed class Traces : IDisposable
    {
        private readonly ActivityListener _listener;

        public Traces(string url)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name.Contains("System.Net", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (activity.TagObjects.Any(tag => $"{tag.Value}".Contains(url, StringComparison.Ordinal)))
                        Seen.Enqueue(activity);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Seen { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
