using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// A signed-in person's proof that it is still them at the keyboard: by how lately they signed in, by any means they
/// have, or by their password where that is the only one.
/// </summary>
internal sealed class FreshProof(UserStore users, PasswordProof passwords, Gate gate, TimeProvider clock)
{
    /// <param name="password">What they gave; null for an act that asks for none.</param>
    /// <returns>The caller's row; the change that follows compares what was proved with what it finds.</returns>
    public async Task<Result<User>> CheckAsync(
        CurrentUser caller, string? password, Client client, CancellationToken ct)
    {
        var found = await FindAsync(caller, ct);
        if (!found.Succeeded)
            return found.Error;
        // Where it would not let them in, it proves too little here as well.
        var isByPassword = found.Value.PasswordHash is not null && password is not null
            && gate.Ask(found.Value, Proofs.Password, isTrustedDevice: false) is null;
        if (!isByPassword && !FreshSignIn.IsOf(caller, clock))
            return AuthErrors.SessionNotFresh;
        return found.Value.PasswordHash is null || password is null
            ? found
            : await VerifyAsync(found.Value, caller, password, client, ct);
    }

    /// <summary>The password alone, however long ago they signed in: it is told, and nothing follows.</summary>
    public async Task<Result<User>> VerifyAsync(
        CurrentUser caller, string password, Client client, CancellationToken ct)
    {
        var found = await FindAsync(caller, ct);
        return found.Succeeded ? await VerifyAsync(found.Value, caller, password, client, ct) : found.Error;
    }

    /// <summary>The caller's row, while their session counts: no proof of anything but that.</summary>
    public async Task<Result<User>> FindAsync(CurrentUser caller, CancellationToken ct)
    {
        var user = await users.FindOwnAsync(caller.Id, caller.Id, ct);
        if (user is null || user.SessionVersion != caller.Session.Version || user.DisabledAt is not null)
            return AuthErrors.Unauthorized;
        return user;
    }

    private async Task<Result<User>> VerifyAsync(
        User user, CurrentUser caller, string password, Client client, CancellationToken ct)
    {
        var isRight = await passwords.IsRightAsync(user, password, caller.Session, client, ct);
        if (!isRight.Succeeded)
            return isRight.Error;
        return isRight.Value ? user : AuthErrors.InvalidPassword;
    }
}
