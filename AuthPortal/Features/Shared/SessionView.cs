using AuthPortal.Tokens;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>What programs see of a session: Better Auth's <c>Session</c>.</summary>
/// <param name="Token">A handle that names the session and opens nothing; Better Auth's is the credential.</param>
internal sealed record SessionView(
    Guid Id,
    Guid Token,
    Guid UserId,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? IpAddress,
    string? UserAgent)
{
    /// <summary>The caller's own, as their token and this request tell: no database was asked.</summary>
    /// <param name="updatedAt">When its token was signed.</param>
    public static SessionView Of(Session session, DateTimeOffset updatedAt, Client client) => new(
        session.Id,
        session.Id,
        session.UserId,
        session.End,
        session.AuthTime,
        updatedAt,
        client.Address?.ToString(),
        client.UserAgent);
}
