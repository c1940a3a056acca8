namespace AuthPortal.Passwords;

/// <summary>Hashes brought from elsewhere (Supabase, Rails, PHP): bcrypt of the password as it was typed.</summary>
internal sealed class PlainBcrypt(Bcrypt bcrypt) : IPasswordScheme
{
    public StoredPassword? Read(string storedHash) => Bcrypt.CostOf(storedHash) is { } cost
        ? new StoredPassword(1L << cost, IsCurrent: false, password => bcrypt.Matches(password.Typed, storedHash, cost))
        : null;
}
