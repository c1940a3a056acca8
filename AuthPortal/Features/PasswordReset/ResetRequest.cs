using AuthPortal.Audit;
using AuthPortal.Languages;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.PasswordReset;

/// <summary>The letter with the link to a new password, for those who asked, or for nobody.</summary>
internal sealed class ResetRequest(ResetLetter letters, MailedProofStore proofs, RequestedMail mail)
{
    public bool IsPossible => letters.ArePossible;

    /// <param name="found">Null where no account has the address that was typed.</param>
    public Task SendAsync(
        User? found, EmailAddress typed, string? redirectTo, Client client, CancellationToken ct) => mail.SendAsync(
            found,
            typed,
            user => letters.For(user, redirectTo),
            user => proofs.ClaimResetMailAsync(user.Id, toProgram: redirectTo is not null, ct),
            new AuditEvent(AuditTypes.PasswordResetRequested, found?.Id, null, client),
            ct);
}

/// <summary>What it says, and where its link leads.</summary>
internal sealed class ResetLetter(OneTimeLinks links, IOptions<AccountOptions> accounts)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string ElsewhereToo =
        "If the page does not open, \"Forgot your password?\" on our sign-in page mails you another link.";

    public bool ArePossible => accounts.Value.HasMail;

    public Letter For(User user, string? redirectTo)
    {
        // It dies with the password it would replace, and with the address it was mailed to.
        var token = links.Make(
            TokenKind.PasswordReset,
            user.Id,
            $"{user.PasswordId}",
            Lifetime,
            OneTimeLinks.FingerprintOf(user.EmailCanonical));
        var url = redirectTo is null
            ? links.AddressOf("/reset-password", token)
            : links.AddressBy("/api/auth/reset-password", token, redirectTo);
        return new Letter(
            "Choose a new password",
            ["Somebody, we hope you, asked for a new password for your account."],
            new LetterLink("Choose a new password", url),
            [
                "The link works once, for an hour. Setting a new password signs all your devices out.",
                "If you did not ask for it, do nothing: your password stays as it is.",
                .. redirectTo is null ? [] : (Phrase[])[ElsewhereToo],
            ]);
    }
}
