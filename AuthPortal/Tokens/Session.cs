using AuthPortal.Users;

namespace AuthPortal.Tokens;

/// <summary>One sign-in on one device. Nothing stores it: every token carries what is needed of it.</summary>
/// <param name="Id">The <c>sid</c>: made at sign-in, kept through renewals, so it names the device.</param>
/// <param name="Version">The person's <c>session_version</c> at sign-in.</param>
/// <param name="AuthTime">When the person proved who they are.</param>
/// <param name="Methods">How they did (RFC 8176), such as <c>pwd</c>.</param>
/// <param name="Persistent">Whether the browser keeps it when closed ("Remember me").</param>
/// <param name="End">When it is over, whatever happens.</param>
internal sealed record Session(
    Guid Id,
    Guid UserId,
    int Version,
    DateTimeOffset AuthTime,
    IReadOnlyList<string> Methods,
    bool Persistent,
    DateTimeOffset End)
{
    /// <summary>Whether the password was among what it was begun with.</summary>
    public bool IsByPassword => Proofs.OfAmr(Methods).HasFlag(Proofs.Password);
}

/// <summary>What an access token says of a person.</summary>
internal sealed record Identity(UserProfile Profile, IReadOnlyList<string> Roles)
{
    public static Identity Of(User user) => new(user.Profile, user.Roles);
}

/// <param name="Value">The compact serialisation (RFC 7515 §3.1).</param>
internal sealed record IssuedToken(string Value, DateTimeOffset ExpiresAt);
