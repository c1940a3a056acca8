using AuthPortal.Users;

namespace AuthPortal.Tokens;

/// <summary>
/// "Trust this device": for thirty days the password is enough in the browser that holds this signed cookie. It is
/// one person's, and ends with their version: signing out everywhere, or a change of the second factor, ends all.
/// </summary>
internal sealed class TrustedDevices(OneTimeLinks links, AuthCookies cookies)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public void Trust(HttpResponse response, User user) =>
        cookies.SetTrustedDevice(
            response, links.Make(TokenKind.TrustedDevice, user.Id, WhatEndsIt(user), Lifetime), Lifetime);

    public async Task<bool> IsTrustedAsync(string? token, User user) =>
        await links.ReadAsync(token, TokenKind.TrustedDevice) is { } held
        && held.UserId == user.Id && held.Fingerprint == OneTimeLinks.FingerprintOf(WhatEndsIt(user));

    private static string WhatEndsIt(User user) => $"{user.Id} {user.SessionVersion}";
}
