using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// Holds a signed-in person while something changes that could lock their owner out: factors, other sessions, the
/// account itself. For 72 hours after an account was taken back that takes a session that was begun with the password,
/// which only its mailbox can have chosen: a passkey that stayed may be the intruder's.
/// </summary>
internal sealed class OwnerGuard(OwnUserStore users, TimeProvider clock)
{
    /// <inheritdoc cref="HoldAsync(Guid, int, Session, CancellationToken)"/>
    public Task<Result<User>> HoldAsync(Session session, CancellationToken ct) =>
        HoldAsync(session.UserId, session.Version, session, ct);

    /// <summary>Within a transaction: until it ends, whoever changes or holds this person waits.</summary>
    /// <param name="session">Whose change it is; null for a pending sign-in, which the password began.</param>
    /// <returns>
    /// The person as they are; <see cref="AuthErrors.Unauthorized"/> where the version no longer counts.
    /// </returns>
    public async Task<Result<User>> HoldAsync(Guid id, int version, Session? session, CancellationToken ct)
    {
        if (await users.HoldAsync(id, version, ct) is not { } user)
            return AuthErrors.Unauthorized;
        return session is not null && Doubts(user, session) ? AuthErrors.AccountTakenBack : user;
    }

    /// <summary>Whether this session may be that of whoever the account was taken back from.</summary>
    public bool Doubts(User user, Session session) =>
        !session.IsByPassword && user.IsLatelyTakenBack(clock.GetUtcNow());
}
