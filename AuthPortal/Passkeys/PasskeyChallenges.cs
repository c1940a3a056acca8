using System.Globalization;
using AuthPortal.Tokens;

namespace AuthPortal.Passkeys;

/// <param name="State">What the framework wants to see again: the challenge, and whom it is for.</param>
/// <param name="At">When it was made, to the millisecond.</param>
/// <param name="Session">In which session; null for one that was made for nobody in particular.</param>
internal sealed record PasskeyChallenge(string State, DateTimeOffset At, string? Session);

/// <summary>
/// Keeps a ceremony's challenge in the browser, in a signed cookie of five minutes. The first answer takes it away;
/// who kept a copy meets <see cref="PasskeyStore.UseAsync"/>.
/// </summary>
internal sealed class PasskeyChallenges(PurposeTokens tokens, AuthCookies cookies, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string State = "state";
    private const string At = "challenged_at";
    private const string Sid = "sid";

    /// <param name="session">The session that alone may answer; null where there is none.</param>
    public void Set(HttpResponse response, TokenKind ceremony, string state, Guid? session = null)
    {
        var claims = new Dictionary<string, object>
        {
            [State] = state,
            [At] = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0,
        };
        if (session is not null)
            claims[Sid] = $"{session}";
        cookies.SetCeremony(response, ceremony, tokens.Make(ceremony, claims, Lifetime), Lifetime);
    }

    /// <returns>Null where there is none, or it is too old.</returns>
    public async Task<PasskeyChallenge?> TakeAsync(HttpContext context, TokenKind ceremony)
    {
        var held = cookies.Ceremony(context.Request, ceremony);
        cookies.SetCeremony(context.Response, ceremony, "", TimeSpan.Zero);
        if (await tokens.ReadAsync(held, ceremony) is not { } read)
            return null;

        var at = decimal.Parse(read.GetClaim(At).Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        read.TryGetPayloadValue<string>(Sid, out var session);
        return new PasskeyChallenge(
            read.GetPayloadValue<string>(State),
            DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(at * 1000)),
            session);
    }
}
