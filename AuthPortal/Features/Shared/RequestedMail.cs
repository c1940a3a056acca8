using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>
/// A letter that anybody can cause by typing an address. The same statements run whether it is written or not, so
/// that neither the answer nor its time tells whose address has an account.
/// </summary>
internal sealed class RequestedMail(Db db, Outbox outbox, AuditStore audit, TimeProvider clock)
{
    /// <summary>
    /// No answer is sooner: a row that is written takes some tenths of a millisecond longer than one that is not. And
    /// by chance up to so much later, in which what is left of a difference drowns, such as the mail's leaving.
    /// </summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Chance = TimeSpan.FromMilliseconds(30);

    /// <param name="found">Null where no account has the address: somebody made up takes their place.</param>
    /// <param name="write">The letter to that person.</param>
    /// <param name="isDue">Whether it is to be written at all.</param>
    /// <param name="asked">What is recorded of it.</param>
    public async Task SendAsync(
        User? found,
        EmailAddress typed,
        Func<User, Letter> write,
        Func<User, Task<bool>> isDue,
        AuditEvent asked,
        CancellationToken ct)
    {
        var answerTime = Task.Delay(AnswerTime + (Chance * Random.Shared.NextDouble()), ct);
        var user = found ?? User.New(typed, "Nobody", null, null, clock.GetUtcNow());
        var letter = write(user);
        await db.InTransactionAsync(
            async () =>
            {
                await AddAsync(await isDue(user), user, letter, ct);
                await audit.RecordAsync(asked, ct);
            },
            ct);
        await answerTime;
    }

    /// <param name="isDue">Whether it is to be written at all.</param>
    public Task AddAsync(bool isDue, User user, Letter letter, CancellationToken ct) => isDue
        ? outbox.AddAsync(user.Email, user.Profile.DisplayName, letter, user.Id, ct)
        : outbox.PretendAsync(user.Email, user.Profile.DisplayName, letter, ct);
}
