using AuthPortal.SecondFactor;
using AuthPortal.Users;

namespace AuthPortal.Features.TwoFactor;

/// <summary>What a page shows of a secret that waits for its first code.</summary>
/// <param name="Uri">What the QR code says: a phone opens its app by it.</param>
/// <param name="Key">For typing in, in groups of four.</param>
/// <param name="Pending">
/// What is confirmed; null where it was made for this very page, and no code can be of it.
/// </param>
internal sealed record AuthenticatorInvitation(string Uri, string Key, PendingAuthenticator? Pending);

/// <summary>
/// The secret that a page of it shows, and nothing in any table. Each time the page is opened it is a new one, so that
/// nobody who was at this browser before has seen it; a form that comes back with a wrong code shows the same again.
/// </summary>
internal sealed class AuthenticatorSetup(Authenticators authenticators, PendingAuthenticators pending)
{
    /// <param name="ceremony">The session's id, or the half-done sign-in's.</param>
    public async Task<AuthenticatorInvitation> InviteAsync(HttpContext context, User user, Guid ceremony)
    {
        // One whose recovery codes were shown already was begun by a program: whoever called it has seen both.
        var found = HttpMethods.IsPost(context.Request.Method)
            ? await pending.FindAsync(context.Request, user.Id, ceremony)
            : null;
        var begun = found is { RecoveryCodes.Length: 0 } ? found : null;
        var key = (begun ?? pending.Begin(context.Response, user.Id, ceremony)).Key;
        return new AuthenticatorInvitation(authenticators.UriOf(key, user), key.Grouped, begun);
    }
}
