using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Passkeys;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

/// <summary>An account to be opened, with the password in it or with a passkey.</summary>
/// <param name="ReturnUrl">Where the mailed link leads on to.</param>
internal sealed record NewAccount(User Person, Passkey? Passkey, string? ReturnUrl);

/// <summary>Opens accounts, and writes to whom the address belongs.</summary>
internal sealed class NewAccounts(
    Db db,
    UserStore users,
    PasskeyStore passkeys,
    SignUpMail mail,
    RequestLimits limits,
    AuditStore audit,
    IOptions<AccountOptions> options)
{
    /// <summary>Whether an address must be confirmed before its account can be used.</summary>
    public bool MustVerify => options.Value.MustVerify;

    /// <returns>Null where it is opened.</returns>
    public async Task<AuthError?> OpenAsync(NewAccount account, Client client, CancellationToken ct)
    {
        var (person, passkey, returnUrl) = account;
        var isNew = false;

        // Whoever signs others up all day fills no mailbox, and keeps nobody from opening their account.
        var mayWrite = options.Value.HasMail && await limits.MayWriteToAsync(person.Address, client, ct);
        try
        {
            await db.InTransactionAsync(
                async () =>
                {
                    isNew = await users.AddAsync(person, ct);
                    if (passkey is not null)
                        await AddAsync(passkey, person, isNew, ct);
                    if (mayWrite && (MustVerify || isNew))
                        await WriteAsync(person.Address, returnUrl, ct);
                    var type = isNew ? AuditTypes.SignUp : AuditTypes.SignUpRefused;
                    await audit.RecordAsync(new AuditEvent(type, isNew ? person.Id : null, null, client), ct);
                },
                ct);
        }
        catch (PasskeyTakenException)
        {
            return PasskeyErrors.FailedToVerifyRegistration;
        }

        return isNew ? null : AuthErrors.UserAlreadyExists;
    }

    /// <summary>The same statement where the address is taken, which adds nothing then and takes as long.</summary>
    private async Task AddAsync(Passkey passkey, User person, bool isNew, CancellationToken ct)
    {
        if (!await passkeys.AddAsync(passkey, person.SessionVersion, ct) && isNew)
            throw new PasskeyTakenException();
    }

    /// <summary>Mail goes to the stored address, read in either case: both take the same time.</summary>
    private async Task WriteAsync(EmailAddress email, string? returnUrl, CancellationToken ct)
    {
        if (await users.FindByEmailAsync(email, ct) is { } owner)
            await mail.AddAsync(owner, returnUrl, ct);
        else if (await users.FindByEmailBeforeAsync(email, ct) is { } moved)
            await mail.RemindAsync(moved, email, ct);
    }

    /// <summary>Undoes the account that nobody could sign in to.</summary>
    private sealed class PasskeyTakenException : Exception;
}
