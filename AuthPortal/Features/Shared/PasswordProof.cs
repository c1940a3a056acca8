using AuthPortal.Audit;
using AuthPortal.Passwords;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>A signed-in person's proof, by their password, that it is still them at the keyboard.</summary>
internal sealed class PasswordProof(UserStore users, PasswordHasher hasher, AuditStore audit)
{
    /// <returns>The caller's row; the change that follows compares what was proved with what it finds.</returns>
    public async Task<Result<User>> CheckAsync(
        CurrentUser caller, string password, Client client, CancellationToken ct)
    {
        var user = await users.FindOwnAsync(caller.Id, caller.Id, ct);
        if (user is null || user.SessionVersion != caller.Session.Version || user.DisabledAt is not null)
            return AuthErrors.Unauthorized;

        var verdict = await hasher.VerifyAsync(password, user.PasswordHash, client.Address, ct);
        if (!verdict.Succeeded)
            return verdict.Error;
        if (verdict.Value != PasswordVerdict.Wrong)
            return user;

        await audit.RecordAsync(
            new AuditEvent(AuditTypes.PasswordRefused, caller.Id, caller.Session.Id, client), ct);
        return AuthErrors.InvalidPassword;
    }
}
