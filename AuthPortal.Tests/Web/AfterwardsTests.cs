using System.Globalization;
using AuthPortal.Tests.Support;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.Web;

/// <summary>What is done after an answer.</summary>
public sealed class AfterwardsTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly Afterwards _afterwards;
    private readonly List<string> _done = [];

    public AfterwardsTests() => _afterwards = new Afterwards(
        _services.GetRequiredService<IServiceScopeFactory>(), _time, NullLogger<Afterwards>.Instance);

    public Task InitializeAsync() => _afterwards.StartAsync(CancellationToken.None);

    public Task DisposeAsync() => _afterwards.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _afterwards.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task What_a_flood_asks_for_is_done_once_a_minute_and_does_not_crowd_out_what_comes_once()
    {
        for (var time = 0; time < 100_000; time++)
            _afterwards.DoOnceAMinute("warn ada", Note("ada is warned"));
        _afterwards.DoOnceAMinute("warn grace", Note("grace is warned"));
        _afterwards.Do(Note("a budget is given back"));

        Assert.Equal(["ada is warned", "grace is warned", "a budget is given back"], await DoneAsync());

        _time.Advance(TimeSpan.FromMinutes(1));
        _afterwards.DoOnceAMinute("warn ada", Note("ada is warned again"));
        Assert.Equal("ada is warned again", (await DoneAsync())[^1]);
    }

    [Fact]
    public async Task What_is_said_then_is_said_in_the_language_of_who_caused_it()
    {
        foreach (var tag in (string[])["de", "ar", "en"])
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(tag);
            _afterwards.Do((_, _) =>
            {
                _done.Add(CultureInfo.CurrentUICulture.Name);
                return Task.CompletedTask;
            });
        }

        Assert.Equal(["de", "ar", "en"], await DoneAsync());
    }

    [Fact]
    public async Task What_fails_is_left_and_the_next_is_done()
    {
        _afterwards.Do((_, _) => throw new InvalidOperationException("on purpose"));
        _afterwards.Do(Note("the next"));

        Assert.Equal(["the next"], await DoneAsync());
    }

    private Func<IServiceProvider, CancellationToken, Task> Note(string what) => (_, _) =>
    {
        _done.Add(what);
        return Task.CompletedTask;
    };

    /// <summary>All that was asked for before is done when it rests.</summary>
    private async Task<List<string>> DoneAsync()
    {
        await Eventually.EndAsync("all is done", _afterwards.Resting);
        return _done;
    }
}
