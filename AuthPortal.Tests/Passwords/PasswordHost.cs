using System.Diagnostics.Metrics;
using AuthPortal.Passwords;
using AuthPortal.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Passwords;

/// <summary>The passwords as the portal sets them up, with the rounds of bcrypt counted.</summary>
internal sealed class PasswordHost : IAsyncDisposable
{
    /// <summary>
    /// A cost that no setting may choose, since it takes 3 ms. It is the same code, and one more than bcrypt's lowest:
    /// a hash of cost 4 is still outdated, and a wrong password for it still has to be topped up.
    /// </summary>
    public const int LowCost = 5;

    /// <summary>How many rounds a hash of <see cref="LowCost"/> takes.</summary>
    public const long LowRounds = 1L << LowCost;

    private readonly WebApplication _app;
    private readonly MeterListener _listener = new();
    private long _rounds;

    private PasswordHost(WebApplication app)
    {
        _app = app;
        var meters = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == Bcrypt.RoundsCounter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, rounds, _, _) => Interlocked.Add(ref _rounds, rounds));
        _listener.Start();
    }

    public PasswordHasher Hasher => _app.Services.GetRequiredService<PasswordHasher>();

    public PasswordChoice Choice => _app.Services.GetRequiredService<PasswordChoice>();

    public BreachedPasswords Breached => _app.Services.GetRequiredService<BreachedPasswords>();

    public PasswordPolicy Policy => _app.Services.GetRequiredService<PasswordPolicy>();

    /// <summary>At <see cref="LowCost"/>.</summary>
    public static PasswordHost With(params (string Key, string Value)[] settings) => At(LowCost, settings);

    /// <summary>At that cost, be it one that no setting may choose.</summary>
    public static PasswordHost At(int cost, params (string Key, string Value)[] settings) =>
        With(builder => Cheapen(builder, cost), settings);

    /// <summary>Configured and judged as in production; the cost is the lowest that may be set, unless one is given.</summary>
    public static PasswordHost AsConfigured(params (string Key, string Value)[] settings) => With(_ => { }, settings);

    /// <summary>Makes a host that the test changes before it is built.</summary>
    public static PasswordHost With(Action<WebApplicationBuilder> change, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in settings.Prepend(("Passwords:Cost", "10")))
            builder.Configuration[key] = value;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddPasswords();
        change(builder);
        return new PasswordHost(builder.Build());
    }

    private static void Cheapen(WebApplicationBuilder builder, int cost)
    {
        builder.Services.RemoveAll<IValidateOptions<PasswordOptions>>();
        builder.Services.PostConfigure<PasswordOptions>(passwords => passwords.Cost = cost);
    }

    public Task StartAsync() => _app.StartAsync();

    public async Task<string> HashAsync(string password) =>
        (await Hasher.HashAsync(password, default, default)).Value
        ?? throw new InvalidOperationException("The password was not hashed.");

    public async Task<PasswordVerdict> VerifyAsync(string password, string? storedHash)
    {
        var result = await Hasher.VerifyAsync(password, storedHash, default, default);
        Assert.Null(result.Error);
        return result.Value;
    }

    public async Task<(PasswordVerdict Verdict, long Rounds)> CountAsync(string password, string? storedHash)
    {
        var before = Interlocked.Read(ref _rounds);
        var verdict = await VerifyAsync(password, storedHash);
        return (verdict, Interlocked.Read(ref _rounds) - before);
    }

    public async Task<AuthError?> RefusalToHashAsync(string password) =>
        (await Hasher.HashAsync(password, default, default)).Error;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _app.DisposeAsync();
    }
}
