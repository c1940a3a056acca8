using AuthPortal.Audit;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>A session and the two tokens that its cookies hold. Neither value may go into a body.</summary>
/// <param name="Restored">Whether starting it took back the account's deletion.</param>
internal sealed record IssuedSession(
    Identity Person, Session Session, IssuedToken Access, IssuedToken Refresh, bool Restored = false);

/// <summary>
/// The one door: every way of signing in ends here, so none can forget what forbids a session. Whoever calls it has
/// proved who they are; it decides whether that is enough.
/// </summary>
internal sealed class SessionIssuer(
    UserStore users,
    AccountRestoration restoration,
    AuditStore audit,
    TokenIssuer tokens,
    IOptions<AccountOptions> accounts)
{
    /// <param name="method">How the person proved it (RFC 8176 §2), such as <c>pwd</c>.</param>
    /// <param name="remember">Whether the session outlives the browser.</param>
    public async Task<Result<IssuedSession>> StartAsync(
        User user, string method, bool remember, Client client, CancellationToken ct)
    {
        if (accounts.Value.MustVerify && user is { EmailVerifiedAt: null, DisabledAt: null })
            return await RefuseAsync(user, "unverified", AuthErrors.EmailNotVerified, client, ct);
        var restored = user.EraseAt is not null && await restoration.RestoreAsync(user, client, ct);
        if (!await users.RecordSignInAsync(user.Id, user.SessionVersion, ct))
        {
            var reason = user.EraseAt is null ? "disabled" : "deleted";
            return await RefuseAsync(user, reason, AuthErrors.InvalidEmailOrPassword, client, ct);
        }

        var session = tokens.Begin(user, method, remember);
        await audit.RecordAsync(SignedIn(session, method, client), ct);
        return Issue(Identity.Of(user), session) with { Restored = restored };
    }

    /// <summary>
    /// New tokens for a session that goes on: same <c>sid</c>, same end, today's facts about the person.
    /// </summary>
    public IssuedSession Continue(User user, Session session) => Issue(Identity.Of(user), session);

    /// <summary>What the list of devices is read from: besides the sign-in, how long its session may live.</summary>
    private static AuditEvent SignedIn(Session session, string method, Client client) => new(
        AuditTypes.SignIn,
        session.UserId,
        session.Id,
        client,
        ("method", method),
        ("version", $"{session.Version}"),
        ("remembered", session.Persistent ? "true" : "false"),
        ("end", PortalJson.Date(session.End)));

    private async Task<AuthError> RefuseAsync(
        User user, string reason, AuthError refusal, Client client, CancellationToken ct)
    {
        await audit.RecordAsync(
            new AuditEvent(AuditTypes.SignInFailed, user.Id, null, client, ("reason", reason)), ct);
        return refusal;
    }

    private IssuedSession Issue(Identity person, Session session) =>
        new(person, session, tokens.Access(person, session), tokens.Refresh(session));
}
