using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.PasswordReset;

/// <summary>The rules of a forgotten password, for the forms and for programs.</summary>
internal sealed class PasswordResetService(
    RequestLimits limits, UserStore users, ResetRequest mail, MailedLinks links, PasswordReplacement replacement)
{
    /// <summary>Answers alike for every address, whether there is an account or not.</summary>
    /// <param name="redirectTo">A program's own page for the new password; null for ours.</param>
    public async Task<AuthError?> RequestAsync(string typed, string? redirectTo, Client client, CancellationToken ct)
    {
        if (!mail.IsPossible)
            return AuthErrors.ResetPasswordDisabled;
        if (EmailAddress.TryParse(typed) is not { } email)
            return AuthErrors.InvalidEmail;
        if (await limits.LetterAsync(client, ct) is { } refusal)
            return refusal;

        var found = await users.FindByEmailAsync(email, ct);
        await mail.SendAsync(found, email, redirectTo, client, ct);
        return null;
    }

    /// <returns>The link and its person; null where it no longer works.</returns>
    public Task<FollowedLink?> FindAsync(string? token, CancellationToken ct) =>
        links.FindAsync(token, TokenKind.PasswordReset, ct);

    public async Task<Result<User>> ResetAsync(
        string? token, string newPassword, Client client, CancellationToken ct) =>
        await FindAsync(token, ct) is { } followed
            ? await replacement.ReplaceAsync(followed, newPassword, onlyUnverified: false, client, ct)
            : AuthErrors.InvalidToken;
}
