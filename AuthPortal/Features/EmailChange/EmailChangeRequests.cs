using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.EmailChange;

/// <summary>What a program sends to change the address.</summary>
public sealed record ChangeEmailRequest
{
    /// <summary>One mailbox, at most 254 characters.</summary>
    [JsonRequired, Required(ErrorMessage = "Enter your new email address."), EmailAddressText]
    [Display(Name = "New email")]
    public string NewEmail { get; init; } = "";

    /// <summary>Where the page that confirms it goes on to.</summary>
    [JsonPropertyName("callbackURL")]
    public string? CallbackUrl { get; init; }
}

/// <summary>The first half of a change: both addresses are written to, and nothing has changed yet.</summary>
internal sealed class EmailChangeRequests(
    RequestLimits limits,
    Db db,
    UserStore users,
    OwnUserStore own,
    OneTimeLinks links,
    SecurityNotices notices,
    Outbox outbox,
    TimeProvider clock)
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    /// <returns>The address written to. Whether it is taken is told to nobody but its owner.</returns>
    public async Task<Result<EmailAddress>> AskAsync(
        CurrentUser caller, string newEmail, string? returnUrl, Client client, CancellationToken ct)
    {
        if (EmailAddress.TryParse(newEmail) is not { } email)
            return AuthErrors.InvalidEmail with { Field = nameof(ChangeEmailRequest.NewEmail) };
        var user = await users.FindOwnAsync(caller.Id, caller.Id, ct);
        if (user is null || user.SessionVersion != caller.Session.Version || user.DisabledAt is not null)
            return AuthErrors.Unauthorized;
        if (user.EmailCanonical == email.Canonical)
            return AuthErrors.EmailIsSame;
        if (user.UnsettledSince + UndoWindow.Length > clock.GetUtcNow())
            return AuthErrors.EmailChangedRecently with { Field = nameof(ChangeEmailRequest.NewEmail) };
        if (await limits.LetterAsync(caller.Id, email, client, ct) is { } tooMany)
            return tooMany;

        var taken = await users.FindByEmailAsync(email, ct);
        var at = clock.GetUtcNow();
        var token = links.Make(
            TokenKind.EmailChange, user.Id, OwnUserStore.EmailChangeText(user), LinkLifetime, email.Typed);
        var confirm = EmailChangeLetters.ToNewAddress(links.AddressOf("/change-email", token, returnUrl));
        await db.InTransactionAsync(
            async () =>
            {
                await own.VoidOlderChangesAsync(user.Id, user.SessionVersion, at, ct); // be the address taken or not
                var asked = new AuditEvent(AuditTypes.EmailChangeAsked, user.Id, caller.Session.Id, client);
                await notices.TellAsync(asked, user, EmailChangeLetters.Asked, ct);
                await (taken is null
                    ? outbox.AddAsync(email.Typed, "", confirm, user.Id, ct)
                    : outbox.AddAsync(taken.Email, "", EmailChangeLetters.ToTakenAddress, taken.Id, ct));
            },
            ct);
        return email;
    }
}
