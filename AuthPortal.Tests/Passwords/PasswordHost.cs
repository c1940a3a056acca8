using System.Diagnostics.Metrics;
using AuthPortal.Passwords;
using AuthPortal.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.Passwords;

/// <summary>The passwords as the portal sets them up, at the lowest cost, with the rounds of bcrypt counted.</summary>
internal sealed class PasswordHost : IAsyncDisposable
{
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

    public static PasswordHost With(params (string Key, string Value)[] settings) => With(_ => { }, settings);

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

    public Task StartAsync() => _app.StartAsync();

    public async Task<string> HashAsync(string password) =>
        (await Hasher.HashAsync(password, null, default)).Value
        ?? throw new InvalidOperationException("The password was not hashed.");

    public async Task<PasswordVerdict> VerifyAsync(string password, string? storedHash)
    {
        var result = await Hasher.VerifyAsync(password, storedHash, null, default);
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
        (await Hasher.HashAsync(password, null, default)).Error;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _app.DisposeAsync();
    }
}
