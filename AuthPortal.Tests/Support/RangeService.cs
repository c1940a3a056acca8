using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AuthPortal.Tests.Support;

/// <summary>A question as it arrived: all that the service was told.</summary>
public sealed record RangeQuestion(string Address, IReadOnlyDictionary<string, string> Headers);

/// <summary>
/// A range service of breached passwords on the loopback, in the form of Pwned Passwords. It knows one password.
/// </summary>
public sealed class RangeService : IAsyncLifetime
{
    public const string Breached = "trombone sherbet";

    // printf 'trombone sherbet' | sha1sum
    public const string Prefix = "06D86";
    public const string Suffix = "3605BE5E4FD6D0E80D0C815155F94D63370";

    public const string OtherLine = "0018A45C4D1DEF81644B54AB7F969B88D65:1";

    private readonly WebApplication _app;

    public RangeService()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ConcurrentQueue<RangeQuestion> Asked { get; } = new();

    /// <summary>How it answers; all is well until a test says otherwise.</summary>
    public RequestDelegate Answer { get; set; } = Listing($"{Suffix}:7");

    /// <summary>
    /// What asks it, and waits longer than anybody else would: a busy machine may take a second for its first answer.
    /// </summary>
    public (string Key, string Value)[] Settings =>
        [("Passwords:RangeCheckUrl", Url), ("Passwords:RangeCheckTimeout", "00:00:10")];

    public string Url => $"{_app.Urls.First()}/range";

    public static RequestDelegate Listing(params string[] lines) => context =>
        context.Response.WriteAsync(
            string.Join("\r\n", ((string[])[OtherLine]).Concat(context.Request.Path == $"/range/{Prefix}" ? lines : [])));

    public Task InitializeAsync() => _app.StartAsync();

    /// <summary>Nobody waits for those who are answered never.</summary>
    public async Task DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(0);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => $"{h.Value}");
        Asked.Enqueue(new RangeQuestion($"{context.Request.Path}{context.Request.QueryString}", headers));
        return Answer(context);
    }
}
