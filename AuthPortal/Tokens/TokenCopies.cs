using System.Runtime.CompilerServices;

namespace AuthPortal.Tokens;

/// <summary>
/// The access token that a body or a header hands to a caller: never the one they came with, which a cookie may hold
/// that no script is to read.
/// </summary>
internal sealed class TokenCopies(TokenIssuer tokens)
{
    private readonly ConditionalWeakTable<CurrentUser, string> _copies = [];

    /// <summary>It lives no longer than theirs, and is the same for as long as theirs is known.</summary>
    public string For(CurrentUser caller) => _copies.GetValue(
        caller, of => tokens.Access(of.Person, of.Session, notAfter: of.ExpiresAt).Value);
}
