using AuthPortal.Users;
using AuthPortal.Web;
using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;

namespace AuthPortal.SecondFactor;

/// <summary>Somebody's authenticator app.</summary>
/// <param name="IsConfirmed">Whether a code of it has been seen; only then is it asked for.</param>
internal sealed record Authenticator(AuthenticatorKey Key, bool IsConfirmed);

/// <summary>The authenticator apps of people: their secrets, and whether a code is right.</summary>
internal sealed class Authenticators(
    TotpStore store, SecretSeal seal, IOptions<PortalOptions> portal, IOptions<BrandOptions> brand, TimeProvider clock)
{
    /// <returns>
    /// <see cref="AuthErrors.TotpNotEnabled"/> where there is none, not even an unconfirmed one.
    /// </returns>
    public async Task<Result<Authenticator>> FindAsync(Guid userId, CancellationToken ct)
    {
        if (await store.FindAsync(userId, ct) is not { } held)
            return AuthErrors.TotpNotEnabled;
        return seal.Open(userId, held.Secret) is { } key
            ? new Authenticator(key, held.ConfirmedAt is not null)
            : AuthErrors.SecondFactorUnreadable;
    }

    /// <param name="issuer">What the app lists the account under; null for the portal's own name.</param>
    public string UriOf(AuthenticatorKey key, User user, string? issuer = null) =>
        key.UriFor(issuer ?? OwnIssuer, user.EmailCanonical);

    private string OwnIssuer =>
        brand.Value.Name is { Length: > 0 } name ? name : new Uri(portal.Value.PublicUrl).IdnHost;

    /// <returns>Null where there is a confirmed one, or the session no longer counts.</returns>
    public async Task<AuthenticatorKey?> BeginAsync(User user, CancellationToken ct)
    {
        var key = AuthenticatorKey.New();
        return await store.BeginAsync(user, seal.Seal(user.Id, key), ct) ? key : null;
    }

    /// <returns>Null where the code is right, which confirms the app and uses the code up.</returns>
    public Task<AuthError?> ConfirmAsync(User user, string code, CancellationToken ct) =>
        AcceptAsync(user, code, isConfirmed: false, ct);

    /// <returns>Null where the code is right, which uses it up.</returns>
    public Task<AuthError?> UseAsync(User user, string code, CancellationToken ct) =>
        AcceptAsync(user, code, isConfirmed: true, ct);

    public Task<bool> RemoveAsync(User user, CancellationToken ct) => store.RemoveAsync(user, ct);

    private async Task<AuthError?> AcceptAsync(User user, string code, bool isConfirmed, CancellationToken ct)
    {
        if (await store.FindAsync(user.Id, ct) is not { } held)
            return AuthErrors.TotpNotEnabled;
        if (held.ConfirmedAt is not null != isConfirmed)
            return isConfirmed ? AuthErrors.TotpNotEnabled : AuthErrors.TotpAlreadyEnabled;
        if (seal.Open(user.Id, held.Secret) is not { } key)
            return AuthErrors.SecondFactorUnreadable;

        // Sealed anew at every use: a secret taken off the list was listed long enough for most.
        return key.FindStep(code, clock.GetUtcNow()) is { } step
            && await store.AcceptAsync(user, held.Secret, seal.Seal(user.Id, key), step, ct)
                ? null
                : isConfirmed ? AuthErrors.InvalidCode : AuthErrors.InvalidFirstCode;
    }
}
