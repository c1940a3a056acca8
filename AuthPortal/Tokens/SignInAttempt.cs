using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>Somebody at the door.</summary>
/// <param name="User">Who they proved to be, as just read.</param>
/// <param name="Proved">By what.</param>
/// <param name="Remember">Whether the session outlives the browser.</param>
/// <param name="Client">From where.</param>
internal sealed record SignInAttempt(User User, Proofs Proved, bool Remember, Client Client)
{
    /// <summary>What the browser says of itself; null for one that says nothing.</summary>
    public DeviceTokens? Device { get; init; }

    /// <summary>The session that the person has and proves anew (RFC 9470); null for a new one.</summary>
    public Session? Renewed { get; init; }
}

/// <summary>The door's answer: a session, or what is missing; one of them is there.</summary>
/// <param name="Session">Null where something is missing.</param>
/// <param name="Pending">Null where nothing is.</param>
internal sealed record Admission(IssuedSession? Session, PendingSignIn? Pending);

/// <summary>A sign-in that is half done.</summary>
/// <param name="Attempt">All that was proved so far.</param>
/// <param name="Next">What is missing.</param>
internal sealed record PendingSignIn(SignInAttempt Attempt, NextStep Next)
{
    /// <summary>Of the cookie it was read from; what it sets up is for nobody else.</summary>
    public Guid Id { get; init; }
}
