using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AuthPortal.Passwords;

internal enum BreachAnswer
{
    NotAsked,
    NotListed,
    Listed,

    /// <summary>There was none in time, or none that can be read. The password is let through.</summary>
    Failed,
}

/// <summary>
/// Asks a range service, in the form of Pwned Passwords, whether a password is known from a breach. It is told five
/// of the forty digits of the password's SHA-1, which some thousand known ones share. Where none is configured nobody
/// is asked, and one that fails is let rest, so that those who choose a password don't all wait for it in vain.
/// </summary>
internal sealed partial class BreachedPasswords(
    IOptions<PasswordOptions> options, TimeProvider clock, ILogger<BreachedPasswords> log) : IDisposable
{
    public static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(10);

    private const int PrefixLength = 5;

    private readonly string? _url = options.Value.RangeCheckUrl is { Length: > 0 } url ? url.TrimEnd('/') : null;
    private readonly HttpClient _http = NewClient(options.Value.RangeCheckTimeout);

    // When it failed, as a time stamp of the clock; 0 while all is well.
    private long _failedAt;

    /// <summary>What is asked must not be read on the way: https, but for a service on this machine.</summary>
    public static bool IsAllowed(string? url) =>
        string.IsNullOrEmpty(url)
        || (Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0);

    /// <summary>Takes no longer than its timeout; whoever asks can't break it off: the next learn from it.</summary>
    public async Task<BreachAnswer> FindAsync(string password)
    {
        if (_url is null || NormalizedPassword.From(password).Value is not { } normalized)
            return BreachAnswer.NotAsked;
        if (!MayAsk())
            return BreachAnswer.Failed;

        try
        {
            var isListed = await AskAsync(Digest(normalized));
            Interlocked.Exchange(ref _failedAt, 0);
            return isListed ? BreachAnswer.Listed : BreachAnswer.NotListed;
        }
        catch (Exception e) when (e is HttpRequestException or FormatException or OperationCanceledException)
        {
            Interlocked.Exchange(ref _failedAt, clock.GetTimestamp());
            LogFailing(log, ReasonOf(e), RestAfterFailure.TotalSeconds);
            return BreachAnswer.Failed;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>After the rest one tries it, and everybody again once that went well.</summary>
    private bool MayAsk()
    {
        var failedAt = Interlocked.Read(ref _failedAt);
        return failedAt == 0
            || (clock.GetElapsedTime(failedAt) >= RestAfterFailure
                && Interlocked.CompareExchange(ref _failedAt, clock.GetTimestamp(), failedAt) == failedAt);
    }

    private async Task<bool> AskAsync(string digest)
    {
        // Bytes: asked for a string, the client would throw at a charset that it does not know.
        var answer = await _http.GetByteArrayAsync($"{_url}/{digest[..PrefixLength]}");
        return RangeAnswer.Lists(Encoding.Latin1.GetString(answer), digest.AsSpan(PrefixLength));
    }

    [SuppressMessage("Security", "CA5350", Justification =
        "SHA-1 is how the lists name passwords: nothing relies on its strength, and nothing of it is kept.")]
    private static string Digest(NormalizedPassword password) =>
        Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password.Text)));

    /// <summary>
    /// Five digits of a password's digest stand in the address, so neither a log nor a trace may hold it: this client
    /// is not the factory's, whose handlers log addresses, and takes no part in tracing.
    /// </summary>
    private static HttpClient NewClient(TimeSpan patience)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = patience,
            MaxConnectionsPerServer = 16,
            MaxResponseHeadersLength = 16, // KB
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // or it would never learn of a new address
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        var http = new HttpClient(handler) { Timeout = patience, MaxResponseContentBufferSize = RangeAnswer.MaxBytes };
        http.DefaultRequestHeaders.Add("User-Agent", "AuthPortal");
        http.DefaultRequestHeaders.Add("Add-Padding", "true"); // else the answer's length would tell the range
        return http;
    }

    private static string ReasonOf(Exception e) => e switch
    {
        FormatException => "it answers something else than a range",
        OperationCanceledException => "it does not answer in time",
        HttpRequestException { StatusCode: { } status } => $"it answers {(int)status}",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "it answers too much",
        HttpRequestException { HttpRequestError: var error } => $"{error}",
        _ => e.GetType().Name,
    };

    [LoggerMessage(LogLevel.Warning, "Passwords are let through without asking Passwords:RangeCheckUrl: {Reason}. "
        + "It is tried again in {Seconds} s")]
    private static partial void LogFailing(ILogger log, string reason, double seconds);
}
