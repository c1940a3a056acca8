using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.PasswordReset;

/// <summary>The letter with the link to a new password, for those who asked, or for nobody.</summary>
internal sealed class ResetRequest(
    Db db, ResetLetter letters, MailedProofStore proofs, RequestedMail mail, AuditStore audit)
{
    public bool IsPossible => letters.ArePossible;

    /// <param name="found">Null where no account has the address that was typed.</param>
    public async Task SendAsync(
        User? found, EmailAddress typed, string? redirectTo, Client client, CancellationToken ct)
    {
        var user = mail.OrNobody(found, typed);
        var letter = letters.For(user, redirectTo);
        await db.InTransactionAsync(
            async () =>
            {
                var isDue = await proofs.ClaimResetMailAsync(user.Id, ct);
                await mail.AddAsync(isDue, user, letter, ct);
                await audit.RecordAsync(
                    new AuditEvent(AuditTypes.PasswordResetRequested, found?.Id, null, client), ct);
            },
            ct);
    }
}

/// <summary>What it says, and where its link leads.</summary>
internal sealed class ResetLetter(OneTimeLinks links, IOptions<AccountOptions> accounts)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

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
            ]);
    }
}
