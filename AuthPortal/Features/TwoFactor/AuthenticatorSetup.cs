using AuthPortal.SecondFactor;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.TwoFactor;

/// <summary>What a page shows of a secret that waits for its first code: the same, however often it opens.</summary>
/// <param name="Uri">What the QR code says: a phone opens its app by it.</param>
/// <param name="Key">For typing in, in groups of four.</param>
internal sealed record AuthenticatorInvitation(string Uri, string Key);

internal sealed class AuthenticatorSetup(Authenticators authenticators, TotpEnrolment enrolment)
{
    /// <returns>An error where an app is confirmed already, or the person no longer counts.</returns>
    public async Task<Result<AuthenticatorInvitation>> InviteAsync(User user, CancellationToken ct)
    {
        var held = await authenticators.FindAsync(user.Id, ct);
        if (held is { Succeeded: true, Value.IsConfirmed: false })
            return Invitation(held.Value.Key, user);
        var begun = await enrolment.BeginAsync(user, withCodes: false, ct);
        return begun.Succeeded ? Invitation(begun.Value.Key, user) : begun.Error;
    }

    private AuthenticatorInvitation Invitation(AuthenticatorKey key, User user) =>
        new(authenticators.UriOf(key, user), key.Grouped);
}
