using AuthPortal.Audit;
using AuthPortal.Mail;
using AuthPortal.Throttling;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// Every try at a second factor, of either kind, counts for its account, or for the device or session where that
/// account was used before; a right one costs nothing. Five wrong ones, then one in fifteen minutes; and over all
/// devices together no more than twenty, then one in five minutes. However many devices somebody has, half of all
/// accounts would take them two years (each try is right 3 times in a million), and its person hears of it on the first
/// day.
/// </summary>
internal sealed class SecondFactorGuesses(
    Limits limits, AuditStore audit, GuessWarnings warnings, SecondFactorMeter meter)
{
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
    /// <param name="own">The device or session that has a budget of its own; null for a stranger's.</param>
    /// <param name="check">Null where the guess is right.</param>
    /// <returns>Null where it is right. While too many were wrong, none is looked at.</returns>
    public async Task<AuthError?> TryAsync(
        User user, string method, string? own, Client client, Func<Task<AuthError?>> check, CancellationToken ct)
    {
        List<Quota> quotas =
        [
            own is null
                ? new Quota(limits.Rules.SecondFactorByAccount, $"{user.Id}")
                : new Quota(limits.Rules.SecondFactorByDevice, $"{own} {user.Id}"),
            new Quota(limits.Rules.SecondFactorAtMost, $"{user.Id}"),
        ];
        if (await limits.TakeAsync(quotas, user.Id, client, ct) is { } tooMany)
        {
            await warnings.TellAsync(Happened(AuditTypes.SecondFactorGuessed, user, client), user, Warning, ct);
            return meter.Tried(method, tooMany);
        }

        var refusal = await check();
        if (refusal is null or { Status: >= 500 })
            await limits.GiveBackAsync(quotas);
        else
            await audit.RecordAsync(Happened(AuditTypes.SecondFactorRefused, user, client, method), ct);
        return meter.Tried(method, refusal);
    }

    private static AuditEvent Happened(string type, User user, Client client, string? method = null) =>
        new(type, user.Id, null, client, method is null ? [] : [("method", method)]);
}
