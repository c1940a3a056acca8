using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.SignUp;

/// <summary>Opens accounts, and writes to whom the address belongs.</summary>
internal sealed class NewAccounts(
    Db db, UserStore users, SignUpMail mail, AuditStore audit, IOptions<AccountOptions> options)
{
    /// <summary>Whether an address must be confirmed before its account can be used.</summary>
    public bool MustVerify => options.Value.MustVerify;

    /// <returns>Null where the address is taken.</returns>
    public async Task<User?> OpenAsync(
        SignUpRequest request, EmailAddress email, string hash, Client client, CancellationToken ct)
    {
        User? user = null;
        await db.InTransactionAsync(
            async () =>
            {
                user = await users.AddAsync(email, request.Name.Trim(), request.Image, hash, ct);
                if (MustVerify || (user is not null && options.Value.HasMail))
                    await WriteAsync(email, request.CallbackUrl, ct);
                var type = user is null ? AuditTypes.SignUpRefused : AuditTypes.SignUp;
                await audit.RecordAsync(new AuditEvent(type, user?.Id, null, client), ct);
            },
            ct);
        return user;
    }

    /// <summary>Mail goes to the stored address, read in either case: both take the same time.</summary>
    private async Task WriteAsync(EmailAddress email, string? returnUrl, CancellationToken ct)
    {
        if (await users.FindByEmailAsync(email, ct) is { } owner)
            await mail.AddAsync(owner, returnUrl, ct);
    }
}
