using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailChange;

/// <summary>
/// Who confirms has the mailbox. That they have the account as well is shown by their session, or by its password:
/// else a stranger who confirms by mistake would vouch for an account that somebody else holds the keys of.
/// </summary>
internal sealed class EmailChangeOwner(
    OneTimeLinks links, OwnUserStore users, PasswordProof passwords, Gate gate)
{
    private static readonly AuthError Wrong = AuthErrors.InvalidPassword with
    {
        Field = nameof(OwnerInput.Password),
        Advice = "That is not the password of the account that asked for this. If you did not ask, do nothing.",
    };

    private static readonly AuthError Missing = Wrong with { Advice = "Enter the password of that account." };

    private static readonly AuthError NotEnough = Wrong with
    {
        Advice = "That account has more than a password. Sign in to it, then open this link again.",
    };

    public async Task<bool> IsAsync(CurrentUser? caller, string? token) =>
        caller is not null && await links.ReadAsync(token, TokenKind.EmailChange) is { } link
        && link.UserId == caller.Id;

    /// <param name="deviceToken">What the browser brings of <see cref="KnownDevices"/>.</param>
    /// <returns>
    /// Null where the password is the account's, as it was when the change was asked for, and lets its holder in.
    /// </returns>
    public async Task<AuthError?> ProveAsync(
        string? token, string? password, string? deviceToken, Client client, CancellationToken ct)
    {
        if (await links.ReadAsync(token, TokenKind.EmailChange) is not { } link
            || await users.FindToMoveAsync(link.UserId, link.MadeAt, ct) is not { DisabledAt: null } user
            || link.Fingerprint != OneTimeLinks.FingerprintOf(OwnUserStore.EmailChangeText(user)))
        {
            return AuthErrors.InvalidToken;
        }

        if (string.IsNullOrEmpty(password))
            return Missing;
        var isRight = await passwords.IsRightAsync(user, password, deviceToken, client, ct);
        if (!isRight.Succeeded)
            return isRight.Error;
        if (!isRight.Value)
            return Wrong;
        return gate.Ask(user, Proofs.Password, isTrustedDevice: false) is null ? null : NotEnough;
    }
}
