using AuthPortal.SecondFactor;
using AuthPortal.Tokens;

namespace AuthPortal.Features.TwoFactor;

/// <summary>An authenticator app that waits for its first code. Nothing is stored of it.</summary>
/// <param name="RecoveryCodes">Those shown with the secret; none where they are made when it is confirmed.</param>
internal sealed record PendingAuthenticator(AuthenticatorKey Key, string[] RecoveryCodes);

/// <summary>
/// Keeps the secret of an app that is being set up in the browser that sets it up, in a sealed cookie of ten minutes.
/// It belongs to its ceremony, the session or the half-done sign-in that began it: whoever began another, be it for the
/// same person, has another secret, and can't finish this one.
/// </summary>
internal sealed class PendingAuthenticators(PurposeTokens tokens, AuthCookies cookies, SecretSeal seal)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string State = "state";

    /// <param name="ceremony">The session's id, or the half-done sign-in's.</param>
    /// <param name="recoveryCodes">Those that the person is shown now; none where that is done later.</param>
    public PendingAuthenticator Begin(
        HttpResponse response, Guid userId, Guid ceremony, params string[] recoveryCodes)
    {
        var begun = new PendingAuthenticator(AuthenticatorKey.New(), recoveryCodes);
        var text = string.Join(' ', [begun.Key.Text, .. recoveryCodes]);
        var claims = new Dictionary<string, object> { [State] = seal.SealPending(userId, ceremony, text) };
        var token = tokens.Make(TokenKind.AuthenticatorSetup, claims, Lifetime);
        cookies.SetCeremony(response, TokenKind.AuthenticatorSetup, token, Lifetime);
        return begun;
    }

    /// <returns>Null where none was begun in this ceremony, or more than ten minutes ago.</returns>
    public async Task<PendingAuthenticator?> FindAsync(HttpRequest request, Guid userId, Guid ceremony)
    {
        var held = cookies.Ceremony(request, TokenKind.AuthenticatorSetup);
        return await tokens.ReadAsync(held, TokenKind.AuthenticatorSetup) is { } read
            && seal.OpenPending(userId, ceremony, read.GetPayloadValue<string>(State)) is { } text
            && text.Split(' ') is [var key, .. var codes]
                ? new PendingAuthenticator(AuthenticatorKey.Parse(key), codes)
                : null;
    }

    /// <summary>Once it is confirmed.</summary>
    public void Clear(HttpResponse response) =>
        cookies.SetCeremony(response, TokenKind.AuthenticatorSetup, "", TimeSpan.Zero);
}
