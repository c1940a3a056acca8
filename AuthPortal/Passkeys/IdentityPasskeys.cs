using AuthPortal.Users;
using Microsoft.AspNetCore.Identity;

namespace AuthPortal.Passkeys;

/// <summary>
/// Our people and passkeys as the framework's <see cref="PasskeyHandler{TUser}"/> asks for them: it only reads, by
/// these five members. It hands over no cancellation token.
/// </summary>
internal sealed class IdentityPasskeys(UserStore users, PasskeyStore passkeys) : IUserPasskeyStore<User>
{
    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString());

    /// <param name="userId">For an assertion the user handle, which may be any text.</param>
    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParseExact(userId, "D", out var id) ? await users.FindOwnAsync(id, id, cancellationToken) : null;

    public async Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindOwnerAsync(credentialId, cancellationToken) is { } owner
            ? await users.FindOwnAsync(owner, owner, cancellationToken)
            : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        [.. (await passkeys.ListAsync(user.Id, cancellationToken)).Select(ToFramework)];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(
        User user, byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(user.Id, credentialId, cancellationToken) is { } passkey
            ? ToFramework(passkey)
            : null;

    public void Dispose()
    {
    }

    /// <summary>
    /// With a count of 0, of which the framework never complains: <see cref="PasskeyStore.UseAsync"/> compares it, at
    /// once for all instances and requests.
    /// </summary>
    private static UserPasskeyInfo ToFramework(Passkey passkey) => new(
        passkey.CredentialId,
        passkey.PublicKey,
        passkey.CreatedAt,
        signCount: 0,
        passkey.Transports,
        isUserVerified: true,
        passkey.BackupEligible,
        passkey.BackedUp,
        attestationObject: [],
        clientDataJson: []);

    // What the handler never calls.
    Task IUserPasskeyStore<User>.AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken ct) =>
        throw new NotSupportedException();

    Task IUserPasskeyStore<User>.RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<string?> IUserStore<User>.GetUserNameAsync(User user, CancellationToken ct) =>
        throw new NotSupportedException();

    Task IUserStore<User>.SetUserNameAsync(User user, string? userName, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<string?> IUserStore<User>.GetNormalizedUserNameAsync(User user, CancellationToken ct) =>
        throw new NotSupportedException();

    Task IUserStore<User>.SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<IdentityResult> IUserStore<User>.CreateAsync(User user, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<IdentityResult> IUserStore<User>.UpdateAsync(User user, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<IdentityResult> IUserStore<User>.DeleteAsync(User user, CancellationToken ct) =>
        throw new NotSupportedException();

    Task<User?> IUserStore<User>.FindByNameAsync(string normalizedUserName, CancellationToken ct) =>
        throw new NotSupportedException();
}
