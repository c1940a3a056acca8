using AuthPortal.Audit;
using AuthPortal.Passwords;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// Whether somebody, known already, has the account's password. Judged is judged: the verdict is on record before it is
/// answered, whoever still waits for the answer; where it can't be recorded, it is none.
/// </summary>
internal sealed class PasswordProof(PasswordHasher passwords, AuditStore audit)
{
    /// <param name="sessionId">Of whom is signed in; null where it is who followed a link.</param>
    public async Task<Result<bool>> IsRightAsync(
        User user, string password, Guid? sessionId, Client client, CancellationToken ct)
    {
        var verdict = await passwords.VerifyAsync(password, user.PasswordHash, client.Address, ct);
        if (!verdict.Succeeded)
            return verdict.Error;

        var isRight = verdict.Value != PasswordVerdict.Wrong;
        var type = isRight ? AuditTypes.PasswordConfirmed : AuditTypes.PasswordRefused;
        await audit.RecordAsync(new AuditEvent(type, user.Id, sessionId, client), CancellationToken.None);
        return isRight;
    }
}
