using AuthPortal.Tests.Passwords;
using AuthPortal.Tests.Support;
using BenchmarkDotNet.Attributes;

namespace AuthPortal.Tests.Bench;

/// <summary>What judging a password costs, by bcrypt's cost; 11 is the default.</summary>
[MemoryDiagnoser]
public class PasswordBenchmarks
{
    private PasswordHost _host = null!;
    private string _hash = "";

    [Params(10, 11, 12)]
    public int Cost { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _host = PasswordHost.AsConfigured(("Passwords:Cost", $"{Cost}"));
        await _host.StartAsync();
        _hash = await _host.HashAsync(Api.Password);
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _host.DisposeAsync();

    /// <returns>Whether it was the right one, which it was.</returns>
    [Benchmark]
    public async Task<bool> Judge() => (int)await _host.VerifyAsync(Api.Password, _hash) != 0;
}
