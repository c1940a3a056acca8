namespace AuthPortal.Features;

/// <summary>What programs see of a session: Better Auth's <c>Session</c>.</summary>
/// <param name="Token">A handle that names the session and opens nothing: Better Auth's is the credential
///   itself.</param>
internal sealed record SessionView(
    Guid Id,
    Guid Token,
    Guid UserId,
    DateTimeOffset ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? IpAddress,
    string? UserAgent);
