using AuthPortal.Users;
using AuthPortal.Web;
using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;

namespace AuthPortal.SecondFactor;

/// <summary>The authenticator apps of people: their secrets, and whether a code is right.</summary>
internal sealed class Authenticators(
    TotpStore store, SecretSeal seal, IOptions<PortalOptions> portal, IOptions<BrandOptions> brand, TimeProvider clock)
{
    /// <param name="issuer">What the app lists the account under; null for the portal's own name.</param>
    public string UriOf(AuthenticatorKey key, User user, string? issuer = null) =>
        key.UriFor(issuer ?? OwnIssuer, user.EmailCanonical);

    private string OwnIssuer =>
        brand.Value.Name is { Length: > 0 } name ? name : new Uri(portal.Value.PublicUrl).IdnHost;

    /// <summary>Keeps a new app's secret, once a code shows that the app has it.</summary>
    /// <param name="at">Now: the moment that its recovery codes are made, too.</param>
    /// <returns>Null where the code is right, which uses it up.</returns>
    public async Task<AuthError?> AddAsync(
        User user, AuthenticatorKey key, string code, DateTimeOffset at, CancellationToken ct)
    {
        if (key.FindStep(code, at) is not { } step)
            return AuthErrors.InvalidFirstCode;
        return await store.AddAsync(user, seal.Seal(user.Id, key), step, at, ct)
            ? null
            : AuthErrors.TotpAlreadyEnabled;
    }

    /// <returns>Null where the code is right, which uses it up.</returns>
    public async Task<AuthError?> UseAsync(User user, string code, CancellationToken ct)
    {
        if (await store.FindSecretAsync(user.Id, ct) is not { } secret)
            return AuthErrors.TotpNotEnabled;
        if (seal.Open(user.Id, secret) is not { } key)
            return AuthErrors.SecondFactorUnreadable;

        // Sealed anew at every use: a secret taken off the list was listed long enough for most.
        return key.FindStep(code, clock.GetUtcNow()) is { } step
            && await store.AcceptAsync(user, secret, seal.Seal(user.Id, key), step, ct)
                ? null
                : AuthErrors.InvalidCode;
    }

    public Task<bool> RemoveAsync(User user, CancellationToken ct) => store.RemoveAsync(user, ct);
}
