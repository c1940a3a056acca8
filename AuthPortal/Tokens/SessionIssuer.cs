using AuthPortal.Audit;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>A session and the two tokens that its cookies hold. Neither value may go into a body.</summary>
internal sealed record IssuedSession(Identity Person, Session Session, IssuedToken Access, IssuedToken Refresh);

/// <summary>
/// The one door: every way of signing in ends here, so none can forget what forbids a session. Whoever calls it has
/// proved who they are; it decides whether that is enough.
/// </summary>
internal sealed class SessionIssuer(
    UserStore users, AuditStore audit, TokenIssuer tokens, IOptions<TokenOptions> options, TimeProvider clock)
{
    /// <param name="method">How the person proved it (RFC 8176 §2), such as <c>pwd</c>.</param>
    /// <param name="remember">Whether the session outlives the browser.</param>
    public async Task<Result<IssuedSession>> StartAsync(
        User user, string method, bool remember, Client client, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!await users.RecordSignInAsync(user.Id, user.SessionVersion, ct))
        {
            var refused = new AuditEvent(AuditTypes.SignInFailed, user.Id, null, client, ("reason", "disabled"));
            await audit.RecordAsync(refused, ct);
            return AuthErrors.InvalidEmailOrPassword;
        }

        var lifetime = remember ? options.Value.SessionLifetime : options.Value.BriefSessionLifetime;
        var session = new Session(
            Guid.CreateVersion7(now), user.Id, user.SessionVersion, now, [method], remember, now + lifetime);
        await audit.RecordAsync(SignedIn(session, method, client), ct);
        return Issue(Identity.Of(user), session);
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

    private IssuedSession Issue(Identity person, Session session) =>
        new(person, session, tokens.Access(person, session), tokens.Refresh(session));
}
