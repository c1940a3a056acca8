using System.Net;
using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>A password being chosen: judged, then hashed. Sign-up, change and reset all come here.</summary>
internal sealed class PasswordChoice(PasswordPolicy policy, PasswordHasher hasher)
{
    /// <returns>What to store, or why this password can't be chosen.</returns>
    public async Task<Result<string>> HashAsync(
        string password, string email, string name, IPAddress? caller, CancellationToken ct) =>
        policy.Check(password, email, name) is { } refusal ? refusal : await hasher.HashAsync(password, caller, ct);
}
