using AuthPortal.Users;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthPortal.Tokens;

/// <summary>
/// Knows the browsers that an account was signed in to before, by a signed cookie (OWASP, Device Cookies): their
/// guesses have a budget of their own, so that no stranger's guesses lock the owner out. It opens nothing.
/// <para>
/// A browser is known to the last few accounts used in it, under the version each had then: whoever signs out
/// everywhere, or sets a new password by mail, disowns all others.
/// </para>
/// <para>
/// Only a finished sign-in makes a device of its own. Whoever set a new password by mail has proved the mailbox and
/// nothing more, as often as they like: all such browsers are one device of the account's.
/// </para>
/// </summary>
internal sealed class KnownDevices(PurposeTokens tokens, AuthCookies cookies)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private const string SignedInClaim = "accounts";
    private const string ResetClaim = "reset_accounts";
    private const string AfterReset = "after-reset";
    private const int MostAccounts = 8;

    /// <summary>Once a sign-in is finished.</summary>
    public Task RememberAsync(HttpContext context, Guid userId, int version) =>
        RememberAsync(context, SignedInClaim, AccountOf(userId, version));

    /// <summary>Once somebody has set a new password by a mailed link.</summary>
    public Task RememberResetAsync(HttpContext context, User user) =>
        RememberAsync(context, ResetClaim, AccountOf(user.Id, user.SessionVersion));

    /// <param name="token">What the browser sent, good or bad.</param>
    /// <returns>
    /// The device's id, or one that all browsers share which reset this account's password; null for a stranger's.
    /// </returns>
    public async Task<string?> FindAsync(string? token, User? user)
    {
        var held = await ReadAsync(token); // of nobody's too, or its time would tell that there is an account
        if (user is null || held is null)
            return null;
        var account = AccountOf(user.Id, user.SessionVersion);
        return AccountsOf(held, SignedInClaim).Contains(account) ? held.Id
            : AccountsOf(held, ResetClaim).Contains(account) ? AfterReset
            : null;
    }

    private async Task RememberAsync(HttpContext context, string claim, string account)
    {
        var held = await ReadAsync(cookies.KnownDevice(context.Request));
        if (claim == ResetClaim && AccountsOf(held, SignedInClaim).Contains(account))
            return; // who signed in here has proved more
        var claims = new Dictionary<string, object> { ["jti"] = held?.Id ?? Guid.NewGuid().ToString("N") };
        foreach (var name in (string[])[SignedInClaim, ResetClaim])
        {
            var accounts = AccountsOf(held, name).Where(other => other != account);
            claims[name] = (name == claim ? accounts.Prepend(account) : accounts).Take(MostAccounts).ToArray();
        }

        cookies.SetKnownDevice(context.Response, tokens.Make(TokenKind.KnownDevice, claims, Lifetime), Lifetime);
    }

    private Task<JsonWebToken?> ReadAsync(string? token) => tokens.ReadAsync(token, TokenKind.KnownDevice);

    private static string[] AccountsOf(JsonWebToken? held, string claim) =>
        held is not null && held.TryGetPayloadValue<string[]>(claim, out var accounts) ? accounts : [];

    private static string AccountOf(Guid userId, int version) => OneTimeLinks.FingerprintOf($"{userId} {version}");
}

/// <summary>What a browser brings of <see cref="TrustedDevices"/> and of <see cref="KnownDevices"/>.</summary>
internal sealed record DeviceTokens(string? Trusted, string? Known);
