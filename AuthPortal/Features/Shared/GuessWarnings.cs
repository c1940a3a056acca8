using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Throttling;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>Writes to whose account is guessed at, once a day for each kind of guess (ASVS 6.3.5).</summary>
internal sealed class GuessWarnings(Throttle throttle, SecurityNotices notices, Afterwards afterwards, Db db)
{
    public async Task TellAsync(AuditEvent happened, User user, Letter letter, CancellationToken ct)
    {
        var rule = new ThrottleRule($"{happened.Type}-warning", Burst: 1, Every: TimeSpan.FromDays(1));
        if (await throttle.TakeAsync(rule, user.Id.ToString(), ct) is null)
            await db.InTransactionAsync(() => notices.TellAsync(happened, user, letter, ct), ct);
    }

    /// <summary>Once the answer is on its way.</summary>
    public void TellLater(AuditEvent happened, User user, Letter letter) => afterwards.DoOnceAMinute(
        $"{happened.Type} {user.Id}",
        (services, ct) => services.GetRequiredService<GuessWarnings>().TellAsync(happened, user, letter, ct));
}
