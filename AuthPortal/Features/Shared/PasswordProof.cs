using AuthPortal.Audit;
using AuthPortal.Passwords;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// Whether somebody, known already, has the account's password. Judged is judged: the verdict is on record before it is
/// answered, whoever still waits for the answer; where it can't be recorded, it is none.
/// </summary>
internal sealed class PasswordProof(PasswordGuesses guesses, KnownDevices devices, AuditStore audit)
{
    /// <summary>Of whom is signed in.</summary>
    public Task<Result<bool>> IsRightAsync(
        User user, string password, Session session, Client client, CancellationToken ct) =>
        IsRightAsync(user, password, $"{session.Id}", session.Id, client, ct);

    /// <summary>Of who followed a link.</summary>
    /// <param name="deviceToken">What the browser brings of <see cref="KnownDevices"/>.</param>
    public async Task<Result<bool>> IsRightAsync(
        User user, string password, string? deviceToken, Client client, CancellationToken ct) =>
        await IsRightAsync(user, password, await devices.FindAsync(deviceToken, user), sessionId: null, client, ct);

    private async Task<Result<bool>> IsRightAsync(
        User user, string password, string? own, Guid? sessionId, Client client, CancellationToken ct)
    {
        var verdict = await guesses.JudgeAsync(new PasswordGuess(user.Address, user, password, own), client, ct);
        if (!verdict.Succeeded)
            return verdict.Error;

        var isRight = verdict.Value != PasswordVerdict.Wrong;
        var type = isRight ? AuditTypes.PasswordConfirmed : AuditTypes.PasswordRefused;
        await audit.RecordAsync(new AuditEvent(type, user.Id, sessionId, client), CancellationToken.None);
        return isRight;
    }
}
