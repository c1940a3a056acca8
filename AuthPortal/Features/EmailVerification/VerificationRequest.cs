using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.EmailVerification;

/// <summary>Another link for those who wait for one; the same answer for everybody else.</summary>
internal sealed class VerificationRequest(
    RequestLimits limits, UserStore users, SignUpMail mail, IOptions<AccountOptions> options)
{
    /// <param name="caller">Who is signed in may ask for oneself alone, and is told the truth.</param>
    public async Task<AuthError?> SendAsync(
        string typed, string? returnUrl, CurrentUser? caller, Client client, CancellationToken ct)
    {
        if (!options.Value.HasMail)
            return AuthErrors.VerificationEmailNotEnabled;
        if (EmailAddress.TryParse(typed) is not { } email)
            return AuthErrors.InvalidEmail;
        if (caller is not null && caller.Profile.Email != email.Canonical)
            return AuthErrors.EmailMismatch;
        if (await limits.LetterAsync(client, ct) is { } refusal)
            return refusal;

        var found = await users.FindByEmailAsync(email, ct);
        if (caller is not null && found is { EmailVerifiedAt: not null })
            return AuthErrors.EmailAlreadyVerified;
        await mail.ResendAsync(found, email, returnUrl, client, ct);
        return null;
    }
}
