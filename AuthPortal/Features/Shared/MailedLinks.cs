using AuthPortal.Tokens;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <param name="Link">As its mail was written.</param>
/// <param name="User">As they are now.</param>
internal sealed record FollowedLink(OneTimeLink Link, User User);

/// <summary>
/// Judges a link that somebody followed, by its signature, by whether a newer one was mailed, and by whether there is
/// still what it would change. Reading alone: the change itself compares again, in its own statement.
/// </summary>
internal sealed class MailedLinks(OneTimeLinks links, MailedProofStore proofs)
{
    /// <returns>Null for a link that is expired, altered, of another kind, spent, or voided by a newer one.</returns>
    public async Task<FollowedLink?> FindAsync(string? token, TokenKind kind, CancellationToken ct)
    {
        if (await links.ReadAsync(token, kind) is not { } link)
            return null;

        var isReset = kind == TokenKind.PasswordReset;
        var found = isReset
            ? await proofs.FindToResetAsync(link.UserId, link.MadeAt, ct)
            : await proofs.FindToConfirmAsync(link.UserId, link.MadeAt, ct);
        if (found is not { } user)
            return null;

        var (willChange, stays) = isReset
            ? ($"{user.PasswordId}", link.Subject == OneTimeLinks.FingerprintOf(user.EmailCanonical))
            : (user.EmailCanonical, true);
        return stays && link.Fingerprint == OneTimeLinks.FingerprintOf(willChange)
            ? new FollowedLink(link, user)
            : null;
    }
}
