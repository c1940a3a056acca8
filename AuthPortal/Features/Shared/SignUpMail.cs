using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features;

/// <summary>
/// The letters about signing up: the link that confirms an address, and the word to whoever has an account already.
/// Each person gets one a minute at most.
/// </summary>
internal sealed class SignUpMail(
    SignUpLetters letters, MailedProofStore proofs, RequestedMail mail, Outbox outbox)
{
    /// <summary>In the transaction of a sign-up, whose address may be taken.</summary>
    public async Task AddAsync(User owner, string? returnUrl, CancellationToken ct)
    {
        var isDue = await proofs.ClaimSignUpMailAsync(owner.Id, ct);
        var letter = owner.EmailVerifiedAt is null ? letters.Confirm(owner, returnUrl) : letters.HasAccount();
        await mail.AddAsync(isDue, owner, letter, ct);
    }

    /// <summary>To an address that an account had until lately, and that is kept for it.</summary>
    public async Task RemindAsync(User moved, EmailAddress before, CancellationToken ct)
    {
        if (await proofs.ClaimSignUpMailAsync(moved.Id, ct))
            await outbox.AddAsync(before.Typed, moved.Profile.DisplayName, SignUpLetters.HadAccount, moved.Id, ct);
    }

    /// <summary>Another link, for those who asked, or for nobody.</summary>
    /// <param name="found">Null where no account has the address that was typed.</param>
    public Task ResendAsync(
        User? found, EmailAddress typed, string? returnUrl, Client client, CancellationToken ct) => mail.SendAsync(
            found,
            typed,
            user => letters.Confirm(user, returnUrl),
            async user => await proofs.ClaimSignUpMailAsync(user.Id, ct) && user.EmailVerifiedAt is null,
            new AuditEvent(AuditTypes.VerificationRequested, found?.Id, null, client),
            ct);
}

internal sealed class SignUpLetters(OneTimeLinks links, IOptions<AccountOptions> accounts)
{
    public Letter Confirm(User user, string? returnUrl)
    {
        var token = links.Make(TokenKind.EmailVerification, user.Id, user.EmailCanonical, SignUpBrowser.Lifetime);
        return new Letter(
            "Confirm your email address",
            ["An account was opened with this address. Confirm that it is yours, and the account is ready."],
            new LetterLink("Confirm my address", links.AddressOf("/verify-email", token, returnUrl)),
            [
                "The link works for a day.",
                accounts.Value.MustVerify
                    ? "If you did not open an account, do nothing: the account can't be used without you."
                    : "If you did not open an account, somebody else may be using it: open the link and choose a new "
                        + "password, and it is yours.",
            ]);
    }

    /// <summary>The link is in the letter that told of the change: a second one would be one more to guard.</summary>
    public static readonly Letter HadAccount = new(
        "You have an account already",
        [
            "Somebody, perhaps you, tried to sign up with this address. It was your account's until lately.",
            "Its address was changed. If that was not you, undo it with the letter \"Your email address was changed\" "
                + "that you have here; then choose a new password.",
        ]);

    public Letter HasAccount() => new(
        "You have an account already",
        ["Somebody, perhaps you, tried to sign up with your address. You have an account: nothing has changed in it."],
        new LetterLink("Sign in", links.AddressOf("/sign-in")),
        ["If you forgot your password, \"Forgot your password?\" on that page leads to a new one."]);
}
