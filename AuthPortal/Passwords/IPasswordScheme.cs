namespace AuthPortal.Passwords;

/// <summary>A way in which passwords are stored: ours, or one that accounts were brought from.</summary>
internal interface IPasswordScheme
{
    /// <summary>Null where the text is not of this scheme, or is damaged.</summary>
    StoredPassword? Read(string storedHash);
}

/// <summary>A stored hash that was understood and is yet to be compared.</summary>
/// <param name="Cost">bcrypt's cost that comparing spends.</param>
/// <param name="IsCurrent">Whether a new hash would be made the same way.</param>
/// <param name="Matches">Compares, and takes its time.</param>
internal sealed record StoredPassword(int Cost, bool IsCurrent, Func<NormalizedPassword, bool> Matches);
