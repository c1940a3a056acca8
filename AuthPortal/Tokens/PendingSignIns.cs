using System.Globalization;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Tokens;

/// <summary>
/// Carries a half-done sign-in to its next page in a signed cookie of five minutes. It dies with the password and with
/// the version it was begun under, and opens nothing: what it stands for goes through the <see cref="Gate"/> again.
/// </summary>
internal sealed class PendingSignIns(OneTimeLinks links, AuthCookies cookies, UserStore users, Gate gate)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Whatever session the browser had is over for it, but for one that is being proved anew.</summary>
    public void Set(HttpResponse response, PendingSignIn pending)
    {
        var (user, attempt) = (pending.Attempt.User, pending.Attempt);
        if (attempt.Renewed is null)
            cookies.Clear(response);
        var subject = string.Create(
            CultureInfo.InvariantCulture, $"{(int)attempt.Proved} {attempt.Remember} {attempt.Renewed?.Id}");
        var token = links.Make(TokenKind.PendingSignIn, user.Id, WhatEndsIt(user), Lifetime, subject);
        cookies.SetPending(response, token, Lifetime);
    }

    /// <summary>Once a session is there, however it came about.</summary>
    public void Clear(HttpContext context)
    {
        if (cookies.Pending(context.Request) is not null)
            cookies.SetPending(context.Response, "", TimeSpan.Zero);
    }

    /// <returns>Null where there is none, or none any more.</returns>
    public async Task<PendingSignIn?> FindAsync(HttpContext context, CancellationToken ct)
    {
        if (await links.ReadAsync(cookies.Pending(context.Request), TokenKind.PendingSignIn) is not { } link
            || await users.FindOwnAsync(link.UserId, link.UserId, ct) is not { DisabledAt: null } user
            || link.Fingerprint != OneTimeLinks.FingerprintOf(WhatEndsIt(user))
            || link.Subject?.Split(' ') is not [var proved, var remember, var sid])
        {
            return null;
        }

        var proofs = (Proofs)int.Parse(proved, CultureInfo.InvariantCulture);
        var attempt = new SignInAttempt(user, proofs, bool.Parse(remember), Client.Of(context))
        {
            Device = cookies.Device(context.Request),
        };
        if (sid.Length > 0)
        {
            if (CurrentUser.TryOf(context.User)?.Session is not { } session || session.Id != Guid.Parse(sid))
                return null;
            attempt = attempt with { Renewed = session with { Persistent = attempt.Remember } };
        }

        // Where nothing is missing any more, what was begun under other rules begins anew.
        return gate.Ask(user, proofs, isTrustedDevice: false) is { } next
            ? new PendingSignIn(attempt, next) { Id = link.Id }
            : null;
    }

    private static string WhatEndsIt(User user) => $"{user.PasswordId} {user.SessionVersion}";
}
