using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>Makes and compares stored passwords on the hashing threads; refuses when those are too busy.</summary>
internal sealed partial class PasswordHasher(
    PepperedBcrypt ours,
    IEnumerable<IPasswordScheme> schemes,
    Bcrypt bcrypt,
    HashingQueue queue,
    ILogger<PasswordHasher> logger)
{
    public async Task<Result<string>> HashAsync(string password, HashingCaller caller, CancellationToken ct)
    {
        var (normalized, error) = NormalizedPassword.From(password);
        return normalized is null ? error! : await queue.RunAsync(() => ours.Hash(normalized), caller, ct);
    }

    /// <summary>For an unknown account, or one without a password, pass null: it takes as long.</summary>
    public Task<Result<PasswordVerdict>> VerifyAsync(
        string password, string? storedHash, HashingCaller caller, CancellationToken ct)
    {
        var normalized = NormalizedPassword.ToProve(password).Value;
        return queue.RunAsync(() => Verify(normalized, storedHash), caller, ct);
    }

    /// <summary>A hash brought from elsewhere, in the form to store; null where no scheme here can read it.</summary>
    public string? Adopt(string hash) =>
        schemes.Select(scheme => scheme.Adopt(hash)).FirstOrDefault(adopted => adopted is not null);

    private PasswordVerdict Verify(NormalizedPassword? password, string? storedHash)
    {
        var stored = Read(storedHash);
        if (stored is null || password is null)
        {
            bcrypt.Burn(Math.Max(ours.Rounds, stored?.Rounds ?? 0));
            return PasswordVerdict.Wrong;
        }

        if (stored.Matches(password))
            return stored.IsCurrent ? PasswordVerdict.Right : PasswordVerdict.RightButOutdated;

        bcrypt.Burn(ours.Rounds - stored.Rounds);
        return PasswordVerdict.Wrong;
    }

    private StoredPassword? Read(string? storedHash)
    {
        if (storedHash is null)
            return null;
        var stored = schemes.Select(scheme => scheme.Read(storedHash)).FirstOrDefault(read => read is not null);
        if (stored is null)
            LogUnreadable();
        return stored;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "A stored password can't be read: it is damaged, or its secret is no longer listed in Passwords:Pepper.")]
    private partial void LogUnreadable();
}
