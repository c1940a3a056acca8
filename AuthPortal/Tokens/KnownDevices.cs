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
/// </summary>
internal sealed class KnownDevices(PurposeTokens tokens, AuthCookies cookies)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private const string AccountsClaim = "accounts";
    private const int MostAccounts = 8;

    /// <summary>Once somebody has proved that the account is theirs.</summary>
    public async Task RememberAsync(HttpContext context, Guid userId, int version)
    {
        var held = await ReadAsync(cookies.KnownDevice(context.Request));
        var account = AccountOf(userId, version);
        var accounts = AccountsOf(held).Where(other => other != account).Prepend(account).Take(MostAccounts);
        var claims = new Dictionary<string, object>
        {
            ["jti"] = held?.Id ?? Guid.NewGuid().ToString("N"),
            [AccountsClaim] = accounts.ToArray(),
        };
        cookies.SetKnownDevice(context.Response, tokens.Make(TokenKind.KnownDevice, claims, Lifetime), Lifetime);
    }

    /// <param name="token">What the browser sent, good or bad.</param>
    /// <returns>The device's id; null for a stranger's.</returns>
    public async Task<string?> FindAsync(string? token, User? user)
    {
        var held = await ReadAsync(token); // of nobody's too, or its time would tell that there is an account
        return user is not null && AccountsOf(held).Contains(AccountOf(user.Id, user.SessionVersion)) ? held!.Id : null;
    }

    private Task<JsonWebToken?> ReadAsync(string? token) => tokens.ReadAsync(token, TokenKind.KnownDevice);

    private static string[] AccountsOf(JsonWebToken? held) =>
        held is not null && held.TryGetPayloadValue<string[]>(AccountsClaim, out var accounts) ? accounts : [];

    private static string AccountOf(Guid userId, int version) => OneTimeLinks.FingerprintOf($"{userId} {version}");
}

/// <summary>What a browser brings of <see cref="TrustedDevices"/> and of <see cref="KnownDevices"/>.</summary>
internal sealed record DeviceTokens(string? Trusted, string? Known);
