using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Throttling;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// Every try at a second factor, of either kind, counts for its account; a right one costs nothing. Five wrong ones,
/// then one in fifteen minutes: whoever knows the password needs ten years to guess a code, on average, and its person
/// hears of it on the first day.
/// </summary>
internal sealed class SecondFactorGuesses(
    Throttle throttle, AuditStore audit, SecurityNotices notices, SecondFactorMeter meter, Db db)
{
    private static readonly ThrottleRule Guesses = new("second-factor", Burst: 5, Every: TimeSpan.FromMinutes(15));
    private static readonly ThrottleRule Warnings =
        new("second-factor-warning", Burst: 1, Every: TimeSpan.FromDays(1));

    private static readonly Letter Warning = new(
        "Somebody is guessing your sign-in codes",
        [
            "Several wrong codes were given for your account, one after another. Until a while has passed no code is "
                + "taken, not even a right one.",
            "Whoever it is has got past your password.",
        ],
        Closing:
        [
            "If this was you, wait and try again; a passkey works at once. If it was not, choose a new password with "
                + "\"Forgot your password?\" on the sign-in page: that signs every device out.",
        ]);

    /// <param name="method">What is guessed, for the log.</param>
    /// <param name="check">Null where the guess is right.</param>
    /// <returns>Null where it is right. While too many were wrong, none is looked at.</returns>
    public async Task<AuthError?> TryAsync(
        User user, string method, Client client, Func<Task<AuthError?>> check, CancellationToken ct)
    {
        var account = user.Id.ToString();
        if (await throttle.TakeAsync(Guesses, account, ct) is { } wait)
        {
            await WarnAsync(user, client, ct);
            return meter.Tried(method, AuthErrors.TooManyRequests(wait));
        }

        var refusal = await check();
        if (refusal is null or { Status: >= 500 })
            await throttle.GiveBackAsync(Guesses, account, ct);
        else
            await audit.RecordAsync(Happened(AuditTypes.SecondFactorRefused, user, client, method), ct);
        return meter.Tried(method, refusal);
    }

    private async Task WarnAsync(User user, Client client, CancellationToken ct)
    {
        if (await throttle.TakeAsync(Warnings, user.Id.ToString(), ct) is null)
        {
            var happened = Happened(AuditTypes.SecondFactorGuessed, user, client);
            await db.InTransactionAsync(() => notices.TellAsync(happened, user, Warning, ct), ct);
        }
    }

    private static AuditEvent Happened(string type, User user, Client client, string? method = null) =>
        new(type, user.Id, null, client, method is null ? [] : [("method", method)]);
}
