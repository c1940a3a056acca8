using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AuthPortal.Tokens;

/// <summary>
/// The revoked sessions as a signed JWT, so that a service which verifies tokens by itself can also learn, with one
/// small request a second and none per call, which of them ended early.
/// <para>
/// A list of everybody takes much to sign, and is asked for most when it changes most. So one request at a time signs,
/// at most once a second; all others get the list that is there.
/// </para>
/// </summary>
internal sealed class RevocationList(
    RevocationSet set, RevocationWatch watch, KeyRing keys, IOptions<PortalOptions> portal, TimeProvider clock)
    : IDisposable
{
    public const string Path = "/.well-known/revocations";

    /// <summary>For how long a copy may be believed: long enough for a follower to miss some requests.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan SignEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SignAtMostEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _signing = new(1, 1);
    private readonly RevocationWriter _writer = new(); // of whoever signs
    private Signed? _current;

    /// <param name="At">A timestamp of the clock's.</param>
    private sealed record Signed(ArraySegment<byte> Token, EntityTagHeaderValue ETag, long Changes, long At);

    public async Task<FileStreamHttpResult> GetAsync(HttpResponse response, CancellationToken ct)
    {
        await watch.UseAsync(ct);
        var list = await CurrentAsync(ct);
        response.Headers.CacheControl = "public, max-age=1";

        // As a stream, of which a slow reader holds one piece: bytes would be copied as a whole for each of many.
        var token = new MemoryStream(list.Token.Array!, list.Token.Offset, list.Token.Count, writable: false);
        return TypedResults.Stream(token, "application/jwt", entityTag: list.ETag);
    }

    public void Dispose() => _signing.Dispose();

    private async Task<Signed> CurrentAsync(CancellationToken ct)
    {
        if (Volatile.Read(ref _current) is not { } held)
            await _signing.WaitAsync(ct); // the first there is, all wait for
        else if (Serves(held) || !await _signing.WaitAsync(TimeSpan.Zero, ct))
            return held;

        try
        {
            if (_current is { } signed && Serves(signed))
                return signed;
            var newer = Sign(set.Changes);
            Volatile.Write(ref _current, newer);
            return newer;
        }
        finally
        {
            _signing.Release();
        }
    }

    private bool Serves(Signed list) =>
        clock.GetElapsedTime(list.At) < (list.Changes == set.Changes ? SignEvery : SignAtMostEvery);

    private Signed Sign(long changes)
    {
        var (now, at) = (clock.GetUtcNow(), clock.GetTimestamp());
        var (token, digest) = _writer.Write(set, keys.AccessSigning, portal.Value.PublicUrl, now, Lifetime);

        // Over the set and the minute, not the token: an ES256 signature differs each time.
        var tag = $"\"{digest[..32]}-{now.ToUnixTimeSeconds() / 60}\"";
        return new Signed(token, new EntityTagHeaderValue(tag), changes, at);
    }
}

internal static class RevocationEndpoints
{
    public static void MapRevocations(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(
                RevocationList.Path,
                [HttpMethods.Get, HttpMethods.Head],
                (RevocationList list, HttpResponse response, CancellationToken ct) => list.GetAsync(response, ct))
            .AllowAnonymous()
            .WithMetadata(new PublicDocument())
            .Produces<string>(contentType: "application/jwt").Revalidates()
            .WithSummary("What ended before its time, signed");
}
