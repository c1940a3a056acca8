using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <param name="Hash">What to store, or why this password can't be chosen.</param>
/// <param name="Breach">What the list of breached passwords had to do with it.</param>
internal readonly record struct ChosenPassword(Result<string> Hash, BreachAnswer Breach = BreachAnswer.NotAsked);

/// <summary>A password being chosen: judged and hashed. Sign-up, change and reset all come here.</summary>
internal sealed class PasswordChoice(PasswordPolicy policy, PasswordHasher hasher, BreachedPasswords breached)
{
    public async Task<ChosenPassword> HashAsync(
        string password, string email, string name, HashingCaller caller, CancellationToken ct)
    {
        if (policy.Check(password, email, name) is { } refusal)
            return new ChosenPassword(refusal);
        var hash = await hasher.HashAsync(password, caller, ct);
        if (!hash.Succeeded)
            return new ChosenPassword(hash);

        // Last, though it may be in vain: who waits for the other service has been through the hashing queue, which
        // lets few through at a time and sheds the rest at once. A flood finds no second place to pile up in.
        var answer = await breached.FindAsync(password);
        return new ChosenPassword(answer == BreachAnswer.Listed ? AuthErrors.PasswordTooCommon : hash, answer);
    }
}
