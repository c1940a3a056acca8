namespace AuthPortal.Passwords;

/// <summary>A way in which passwords are stored: ours, or one that accounts were brought from.</summary>
internal interface IPasswordScheme
{
    /// <summary>Null where the text is not of this scheme, or is damaged.</summary>
    StoredPassword? Read(string storedHash);

    /// <summary>A hash as it was elsewhere, in the form to store; null where it is not of this scheme.</summary>
    string? Adopt(string hash) => Read(hash) is null ? null : hash;
}

/// <summary>A stored hash that was understood and is yet to be compared.</summary>
/// <param name="Rounds">What comparing spends, in bcrypt's rounds: exact for bcrypt, about as long for others.</param>
/// <param name="IsCurrent">Whether a new hash would be made the same way.</param>
/// <param name="Matches">Compares, and takes its time.</param>
internal sealed record StoredPassword(long Rounds, bool IsCurrent, Func<NormalizedPassword, bool> Matches);
